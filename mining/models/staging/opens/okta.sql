-- opens_okta: groups that open applications or give administrator roles.
select distinct source, source || ':' || group_id as entitlement_id, source || ':' || app_id as opens_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until
from landed.okta_app_groups
union all
select source, source || ':' || group_id, source || ':' || role_id, min(id), min(created_at), null
from landed.okta_group_roles
where coalesce(status, 'ACTIVE') = 'ACTIVE'
group by all
