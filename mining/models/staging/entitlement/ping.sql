-- entitlement_ping: groups and applications of the environment. Applications that work for nobody (WORKER) have no sign-on.
select source, source || ':' || id as entitlement_id, id as native_id, 'group' as kind, "name" as name, description,
       null::varchar as owner, null::boolean as privileged, null::decimal(18, 2) as monthly_cost,
       case when user_filter is not null then 'dynamic' when source_id is not null then 'imported' else 'local' end as mastering,
       null::varchar as sign_on
from landed.ping_groups as g
qualify row_number() over (partition by source, id order by g) = 1
union all
select source, source || ':' || id, id, 'app', "name", description, null, null, null, 'local',
       case when "type" = 'WORKER' then 'none' when protocol in ('OPENID_CONNECT', 'SAML', 'WS_FED') then 'federated'
            when protocol = 'EXTERNAL_LINK' then 'bookmark' else 'none' end
from landed.ping_applications as a
qualify row_number() over (partition by source, id order by a) = 1
