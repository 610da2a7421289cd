-- assignment_ref_okta: administrator roles that were given to a user, by the id that the platform needs to take them away.
select source, source || ':' || user_id as account_id, source || ':' || role_id as entitlement_id, id as native_ref,
       null::varchar as scope, false as eligible
from landed.okta_user_roles
where assignment_type is distinct from 'GROUP' and coalesce(status, 'ACTIVE') = 'ACTIVE' and id is not null
group by all
