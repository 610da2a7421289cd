-- entitlement_okta: groups, applications, and the administrator roles that anybody holds.
-- A custom role is one entitlement with each of its resource sets: they say over what it rules.
-- Values of entitlements inside an app are <app>/<value>. That the app is used does not show that they are: they open nothing.
with value as (
  select e.source, e.app_id, v.id, concat_ws(': ', e."name", v.name) as name, v.description
  from landed.okta_entitlement_values v join landed.okta_entitlements e on e.source = v.source and e.id = v.entitlement_id
  union all
  select source, app_id, v.id, concat_ws(': ', "name", v."name"), v.description
  from (select *, unnest("values") as v from landed.okta_principal_entitlements)),
role as (
  select source, role_id, label from landed.okta_user_roles
  union all select source, role_id, label from landed.okta_group_roles)
select source, source || ':' || id as entitlement_id, id as native_id, 'group' as kind, name, description, null::varchar as owner,
       exists (from landed.okta_group_roles r where r.source = g.source and r.group_id = g.id) as privileged,
       null::decimal(18, 2) as monthly_cost,
       case "type" when 'APP_GROUP' then 'imported' when 'BUILT_IN' then 'builtin' else 'local' end as mastering,
       null::varchar as sign_on
from landed.okta_groups g
qualify row_number() over (partition by source, id order by updated_at desc nulls last, name) = 1
union all
select source, source || ':' || id, id, 'app', coalesce(nullif(label, ''), name), name, null, false, null, 'local',
       case when sign_on_mode in ('SAML_1_1', 'SAML_2_0', 'WS_FEDERATION', 'OPENID_CONNECT') then 'federated'
            when sign_on_mode in ('AUTO_LOGIN', 'BASIC_AUTH', 'BROWSER_PLUGIN', 'SECURE_PASSWORD_STORE') then 'password'
            when sign_on_mode = 'BOOKMARK' then 'bookmark' else 'none' end
from landed.okta_apps
qualify row_number() over (partition by source, id order by updated_at desc nulls last, label) = 1
union all
select source, source || ':' || role_id, role_id, 'directory_role', min(label), null, null, true, null, 'local', null
from role group by source, role_id
union all
select v.source, v.source || ':' || v.app_id || '/' || v.id, v.app_id || '/' || v.id, 'app_role',
       min(concat_ws(': ', coalesce(nullif(a.label, ''), a.name), v.name)), min(v.description), null, false, null, 'local', null
from value v left join landed.okta_apps a on a.source = v.source and a.id = v.app_id
where v.id is not null
group by v.source, v.app_id, v.id
