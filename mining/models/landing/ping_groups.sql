-- ping_groups: groups of the environment, one row each.
-- column user_filter: the rule that puts users into the group; null when members are given one by one
-- column source_id: of a group that another directory masters; null otherwise
-- column population: the population inside which the group lives; null for the environment's own
select id, "name", nullif(description, '') as description, nullif(userFilter, '') as user_filter, nullif(sourceId, '') as source_id,
       population.id as population, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', description: 'VARCHAR', userFilter: 'VARCHAR', sourceId: 'VARCHAR', population: 'STRUCT(id VARCHAR)'})
