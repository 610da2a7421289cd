-- auth0_role_users: users of roles, one row each.
select parent_id as role_id, item.user_id as user_id, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  parent_id: 'VARCHAR', item: 'STRUCT(user_id VARCHAR)'})
