-- ping_group_memberships: groups of users, one row each.
-- column membership: DIRECT, or INDIRECT through another group; null when not served
select parent_id as user_id, item.id as group_id, item."type" as membership, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR, "type" VARCHAR)'})
