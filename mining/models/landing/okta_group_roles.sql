-- okta_group_roles: administrator roles of groups, one row each assignment.
-- column id: of the assignment, needed to remove it
-- column role_id: the role: its type, such as SUPER_ADMIN, and for a custom one its id, a slash, and the resource set over
--   which it rules
-- column assignment_type: USER when given to the user, GROUP when a group gives it
with line as (
  select parent_id, item, try_cast(item.created as timestamptz) at time zone 'UTC' as created_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR',
    item: 'STRUCT(id VARCHAR, "type" VARCHAR, "role" VARCHAR, "resource-set" VARCHAR, label VARCHAR, status VARCHAR,
      assignmentType VARCHAR, created VARCHAR)'}))
select parent_id as group_id, item.id as id,
       if(item."type" = 'CUSTOM', concat_ws('/', item."role", item."resource-set"), item."type") as role_id, item.label as label,
       item.status as status, item.assignmentType as assignment_type, created_at,
       case when item.created is not null and created_at is null
              then concat('created "', item.created, '" is not a timestamp') end as fault
from line
