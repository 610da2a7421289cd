-- ping_applications: applications of the environment, one row each.
-- column protocol: the platform's own word, such as OPENID_CONNECT
-- column type: the platform's own word, such as WEB_APP or WORKER
-- column group_rule: ANY_GROUP or ALL_GROUPS of group_ids open the application; null when everybody may
select id, "name", nullif(description, '') as description, protocol, "type", accessControl."group"."type" as group_rule,
       list_filter(list_transform(accessControl."group".groups, lambda g: g.id), lambda g: g <> '') as group_ids, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', description: 'VARCHAR', protocol: 'VARCHAR', "type": 'VARCHAR',
  accessControl: 'STRUCT("group" STRUCT("type" VARCHAR, groups STRUCT(id VARCHAR)[]))'})
