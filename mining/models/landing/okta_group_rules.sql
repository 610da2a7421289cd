-- okta_group_rules: rules that put users into groups, one row each.
-- column group_ids: the groups into which the rule puts users
-- column excluded_users: users that the rule passes over, most of them since somebody removed them by hand
with line as (
  select *, try_cast(lastUpdated as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', "name": 'VARCHAR', status: 'VARCHAR', lastUpdated: 'VARCHAR',
    conditions: 'STRUCT(expression STRUCT("value" VARCHAR), people STRUCT(users STRUCT("exclude" VARCHAR[])))',
    actions: 'STRUCT(assignUserToGroups STRUCT(groupIds VARCHAR[]))'}))
select id, "name", status, conditions.expression."value" as expression, actions.assignUserToGroups.groupIds as group_ids,
       conditions.people.users."exclude" as excluded_users, updated_at,
       case when lastUpdated is not null and updated_at is null
              then concat('lastUpdated "', lastUpdated, '" is not a timestamp') end as fault
from line
