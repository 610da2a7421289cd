-- auth0_clients: applications of the tenant, one row each.
-- column app_type: the platform's own word, such as spa or non_interactive (works for nobody)
select client_id, "name", nullif(description, '') as description, app_type, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  client_id: 'VARCHAR', "name": 'VARCHAR', description: 'VARCHAR', app_type: 'VARCHAR'})
