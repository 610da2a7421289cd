-- okta_group_members: members of groups, one row each.
select parent_id as group_id, item.id as user_id, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR)'})
