-- assignment_edge_entra: who was put into a group, an app role or a directory role of Entra ID, without detours.
-- Members of a dynamic group hold it by the group's own rule. A role that is held over several parts of the
-- directory is one assignment; its reference is the one over the whole directory, if there is one.
with edge as (
  select m.source, m.member_id as account, m.group_id as entitlement, if(g.dynamic, 'rule', 'direct') as path_kind,
         null as native_ref, null::timestamp as since, 1 as rank, m.member_type = 'user' as sure
  from landed.entra_group_members as m left join landed.entra_groups as g on g.source = m.source and g.id = m.group_id
  where m.member_type = 'user' or m.member_type is null
  union all
  select source, principal_id, concat_ws('/', resource_id, role_id), 'direct', id, created_at, 1, true
  from landed.entra_app_role_assignments where principal_type = 'user'
  union all
  select source, principal_id, role_id, 'direct', id, null, if(scope = '/', 1, 2), false from landed.entra_role_assignments)
select e.source, e.source || ':' || account as account_id, e.source || ':' || entitlement as entitlement_id, path_kind,
       if(path_kind = 'rule', e.source || ':' || entitlement, '') as via_id, native_ref, since,
       null::timestamp as until, false as eligible
from edge as e
where sure or (e.source, account) in (select (source, id) from landed.entra_users)
qualify row_number() over (partition by e.source, account, entitlement, path_kind order by rank, native_ref) = 1
