-- auth0_roles: roles of the tenant, one row each.
select id, "name", nullif(description, '') as description, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', description: 'VARCHAR'})
