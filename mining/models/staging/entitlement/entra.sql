-- entitlement_entra: groups, applications, app roles, directory roles and, where anybody has one, access packages of Entra ID.
-- App roles are those that people can be given, and those that somebody was given although the application no
-- longer lists them. Directory roles and the groups that can hold them administer the directory: privileged.
with app_role as (
  select source, id || '/' || role.id as native_id, 1 as rank, concat_ws(': ', app, coalesce(role.name, role.id)) as name,
         role.description as description
  from (select source, id, name as app, unnest(roles) as role from landed.entra_service_principals) where role.users
  union all
  select source, resource_id || '/' || role_id, 2, concat_ws(': ', resource_name, role_id), null
  from landed.entra_app_role_assignments where role_id is not null and principal_type in ('user', 'group')),
entitlement as (
  select source, id as native_id, 'group' as kind, 1 as rank, name, description, owner, assignable as privileged,
         case when dynamic then 'dynamic' when synced then 'synced' when mail_enabled and not unified then 'mail' else 'local' end as mastering, null as sign_on
  from landed.entra_groups
  union all
  select source, id, 'app', 1, name, description, null, null, null, case when principal_type = 'managedidentity' then 'none'
         when sign_on = 'password' then 'password' else 'federated' end
  from landed.entra_service_principals
  union all
  select source, native_id, 'app_role', rank, name, description, null, null, null, null from app_role
  union all
  select source, id, 'directory_role', 1, name, description, null, true, null, null from landed.entra_role_definitions
  union all
  select source, package_id, 'access_package', 1, package_name, null, null, null, null, null from landed.entra_access_package_assignments
  where package_id is not null)
select source, source || ':' || native_id as entitlement_id, native_id, kind, name, description, owner, privileged,
       null::decimal(18, 2) as monthly_cost, coalesce(mastering, 'local') as mastering, sign_on
from entitlement as e
qualify row_number() over (partition by source, native_id order by rank, e) = 1
