-- assignment_edge_auth0: users of roles. Applications are open to whoever can sign in: nobody is assigned to them.
select distinct source, source || ':' || user_id as account_id, source || ':' || role_id as entitlement_id,
       'direct' as path_kind, '' as via_id, null::varchar as native_ref, null::timestamp as since, null::timestamp as until, false as eligible
from landed.auth0_role_users
