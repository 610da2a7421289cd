-- entra_role_assignments: who holds a directory role, and over which part of the directory, one row each.
-- column scope: "/" for the whole directory, else an administrative unit or an application
select id, principalId as principal_id, roleDefinitionId as role_id, coalesce(directoryScopeId, '/') as scope,
       null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', principalId: 'VARCHAR', roleDefinitionId: 'VARCHAR', directoryScopeId: 'VARCHAR'})
