-- assignment_edge_scim: members of groups, and the entitlements and roles that users carry. What users say of their groups
-- counts where it says "direct", or where the group lists no members; without a kind, a member is what its id is.
with listed as (select distinct source, id from landed.scim_groups),
open as (select distinct source, id from landed.scim_groups where members is not null),
member as (select source, id, unnest(members) as m from landed.scim_groups),
edge as (
  select source, m."value" as account, id as entitlement from member
  where m.kind = 'user' or m.kind is null and (source, m."value") not in (select (source, id) from listed)
  union
  select source, id, g."value" from (select source, id, unnest(groups) as g from landed.scim_users) as u
  where lower(g."type") = 'direct' or coalesce(g."type", '') = '' and (source, g."value") not in (select (source, id) from open)
  union
  select source, id, 'entitlement/' || x."value" from (select source, id, unnest(entitlements) as x from landed.scim_users)
  union
  select source, id, 'role/' || x."value" from (select source, id, unnest(roles) as x from landed.scim_users))
select source, source || ':' || account as account_id, source || ':' || entitlement as entitlement_id, 'direct' as path_kind, '' as via_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until, false as eligible
from edge
