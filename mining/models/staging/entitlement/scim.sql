-- entitlement_scim: groups, and the entitlements and roles that users carry. The latter have no list of their own: what
-- nobody carries is not seen. Groups that only users name are seen where the provider lists no groups.
with named as (
  select source, id as native_id, 'group' as kind, 1 as rank, "name" as name from landed.scim_groups
  union all
  select source, g."value", 'group', 2, g.display from (select source, unnest(groups) as g from landed.scim_users)
  union all
  select source, 'entitlement/' || x."value", 'app_role', 1, coalesce(nullif(x.display, ''), x."value")
  from (select source, unnest(entitlements) as x from landed.scim_users)
  union all
  select source, 'role/' || x."value", 'app_role', 1, coalesce(nullif(x.display, ''), x."value")
  from (select source, unnest(roles) as x from landed.scim_users))
select source, source || ':' || native_id as entitlement_id, native_id, kind, name, null::varchar as description, null::varchar as owner,
       null::boolean as privileged, null::decimal(18, 2) as monthly_cost, 'local' as mastering, null::varchar as sign_on
from named
qualify row_number() over (partition by source, native_id order by rank, name nulls last) = 1
