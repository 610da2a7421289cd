-- opens_entra: groups of Entra ID that open applications, app roles and directory roles, and app roles that belong
-- to an application. The platform does not pass a group's applications on to the members of nested groups.
with edge as (
  select source, principal_id as entitlement, concat_ws('/', resource_id, role_id) as opens, id as native_ref,
         created_at as since, 1 as rank, true as direct_only
  from landed.entra_app_role_assignments where principal_type = 'group'
  union all
  select r.source, r.principal_id, r.role_id, r.id, null, if(r.scope = '/', 1, 2), true
  from landed.entra_role_assignments as r anti join (
    from landed.entra_role_assignment_instances where assignment_type = 'activated') as a using (source, principal_id, role_id, scope)
  join landed.entra_groups as g on g.source = r.source and g.id = r.principal_id
  union all
  select source, id || '/' || role.id, id, null, null, 1, false
  from (select source, id, unnest(roles) as role from landed.entra_service_principals) where role.users
  union all
  select source, resource_id || '/' || role_id, resource_id, null, null, 2, false
  from landed.entra_app_role_assignments where role_id is not null and principal_type in ('user', 'group'))
select source, source || ':' || entitlement as entitlement_id, source || ':' || opens as opens_id, native_ref, since,
       null::timestamp as until, direct_only
from edge
qualify row_number() over (partition by source, entitlement, opens order by rank, since, native_ref) = 1
