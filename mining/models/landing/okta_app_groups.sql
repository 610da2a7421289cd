-- okta_app_groups: groups that open an application, one row each.
select parent_id as app_id, item.id as group_id, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR)'})
