-- okta_app_users: users of applications, one row each.
-- column scope: USER when assigned to the user, GROUP when a group gives it
-- column status: of the app's own account, such as PROVISIONED
with line as (
  select parent_id, item, try_cast(item.created as timestamptz) at time zone 'UTC' as created_at,
         try_cast(item.lastUpdated as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR',
    item: 'STRUCT(id VARCHAR, "scope" VARCHAR, status VARCHAR, created VARCHAR, lastUpdated VARCHAR)'}))
select parent_id as app_id, item.id as user_id, item."scope" as "scope", item.status as status, created_at, updated_at,
       case when item.created is not null and created_at is null then concat('created "', item.created, '" is not a timestamp')
            when item.lastUpdated is not null and updated_at is null
              then concat('lastUpdated "', item.lastUpdated, '" is not a timestamp') end as fault
from line
