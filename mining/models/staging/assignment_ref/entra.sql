-- assignment_ref_entra: app roles, directory roles, eligibilities and access packages that were given to an account
-- itself; the scope of a package is the policy by which it was given. An activated role is the use
-- of an eligible one, and ends by itself.
with standing as (
  select r.source, r.id, r.principal_id, r.role_id, r.scope from landed.entra_role_assignments as r
  anti join (from landed.entra_role_assignment_instances where assignment_type = 'activated') as a using (source, principal_id, role_id, scope)),
given as (
  select source, principal_id, concat_ws('/', resource_id, role_id) as entitlement, id, null::varchar as scope, false as eligible
  from landed.entra_app_role_assignments where principal_type = 'user'
  union all
  select source, principal_id, role_id, id, scope, false from standing
  union all
  select source, principal_id, role_id, id, scope, true from landed.entra_role_eligibilities where member_type is distinct from 'group'
  union all
  select source, principal_id, package_id, id, policy_id, false from landed.entra_access_package_assignments
  where state in ('delivered', 'partiallydelivered'))
select source, source || ':' || principal_id as account_id, source || ':' || entitlement as entitlement_id, id as native_ref, scope, eligible
from given where id is not null
qualify row_number() over (partition by source, principal_id, entitlement, id order by eligible, scope) = 1
