-- assignment_edge_entra: who was put into a group, an app role or a directory role of Entra ID, without detours.
-- Members of a dynamic group hold it by the group's own rule. A role that is held over several parts of the
-- directory is one assignment; its reference is the one over the whole directory, if there is one.
-- What an access package put there is held by the package, and comes back for as long as the package is assigned.
-- An activated role is the use of an eligible one, not a standing grant: who is eligible holds it as such.
with active as (
  select source, principal_id, role_id, scope, any_value(origin_id) as origin_id, bool_and(assignment_type = 'activated') as activated,
         min(started_at) as since, if(bool_or(ended_at is null), null, max(ended_at)) as until
  from landed.entra_role_assignment_instances group by source, principal_id, role_id, scope),
standing as (
  select r.*, a.since, a.until from landed.entra_role_assignments as r left join active as a using (source, principal_id, role_id, scope)
  where a.activated is not true),
eligible as (
  select e.*, (select min(g.principal_id) from landed.entra_role_eligibilities as g semi join landed.entra_groups as k on k.source = g.source
    and k.id = g.principal_id where g.source = e.source and g.role_id = e.role_id and g.scope = e.scope) as via
  from landed.entra_role_eligibilities as e),
package as (from landed.entra_access_package_assignments where state in ('delivered', 'partiallydelivered')),
content as (
  select p.source, p.principal_id, p.package_id, min(p.id) as id, max(p.ended_at) as ended_at,
         if(r.resource_type = 'aadgroup', r.resource_id, concat_ws('/', r.resource_id, nullif(r.role_id, '00000000-0000-0000-0000-000000000000'))) as entitlement
  from package as p join landed.entra_access_package_roles as r using (source, package_id)
  where r.resource_type in ('aadgroup', 'aadapplication') and not coalesce(starts_with(r.role_id, 'Owner_'), false) group by all),
edge as (
  select m.source, m.member_id as account, m.group_id as entitlement, if(g.dynamic, 'rule', 'direct') as path_kind,
         if(g.dynamic, m.group_id, '') as via, null as native_ref, null::timestamp as since, null::timestamp as until, false as eligible,
         1 as rank, m.member_type = 'user' as sure
  from landed.entra_group_members as m left join landed.entra_groups as g on g.source = m.source and g.id = m.group_id
  where (m.member_type = 'user' or m.member_type is null)
    and (m.source, m.member_id, m.group_id) not in (select (source, principal_id, entitlement) from content)
  union all
  select source, principal_id, concat_ws('/', resource_id, role_id), 'direct', '', id, created_at, null, false, 1, true
  from landed.entra_app_role_assignments
  where principal_type = 'user' and (source, principal_id, concat_ws('/', resource_id, role_id)) not in (select (source, principal_id, entitlement) from content)
  union all
  select source, principal_id, package_id, 'direct', '', id, null, ended_at, false, 1, false from package
  union all
  select source, principal_id, entitlement, 'package', package_id, id, null, ended_at, false, 1, false from content
  union all
  select source, principal_id, role_id, 'direct', '', id, since, until, false, if(scope = '/', 1, 2), false from standing
  union all
  select source, principal_id, role_id, if(member_type = 'group', 'group', 'direct'), if(member_type = 'group', coalesce(via, schedule_id, id), ''),
         id, started_at, ended_at, true, if(scope = '/', 3, 4), false from eligible)
select e.source, e.source || ':' || account as account_id, e.source || ':' || entitlement as entitlement_id, path_kind,
       if(via = '', '', e.source || ':' || via) as via_id, native_ref, since, until, eligible
from edge as e
where sure or (e.source, account) in (select (source, id) from landed.entra_users)
qualify row_number() over (partition by e.source, account, entitlement, path_kind, via order by rank, native_ref) = 1
