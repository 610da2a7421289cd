-- entitlement_auth0: roles and applications of the tenant. A role stands for permissions at APIs, which no log shows in use.
select source, source || ':' || id as entitlement_id, id as native_id, 'app_role' as kind, "name" as name, description,
       null::varchar as owner, null::boolean as privileged, null::decimal(18, 2) as monthly_cost, 'local' as mastering,
       null::varchar as sign_on
from landed.auth0_roles as r
qualify row_number() over (partition by source, id order by r) = 1
union all
select source, source || ':' || client_id, client_id, 'app', "name", description, null, null, null, 'local',
       if(app_type = 'non_interactive', 'none', 'federated')
from landed.auth0_clients as c
qualify row_number() over (partition by source, client_id order by c) = 1
