-- entra_access_package_roles: what access packages hold, one row each: a group to be a member of, or an app role.
-- column resource_id: the group, or the service principal of the app
-- column resource_type: aadgroup, aadapplication or another system's
-- column role_id: of the app; for a group the platform writes Member_<group>
select parent_id as package_id, item.id as id, item.scope.originId as resource_id, lower(item.scope.originSystem) as resource_type,
       item.role.originId as role_id, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR',
  item: 'STRUCT(id VARCHAR, "role" STRUCT(originId VARCHAR, originSystem VARCHAR), "scope" STRUCT(originId VARCHAR, originSystem VARCHAR))'})
