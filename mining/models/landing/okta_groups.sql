-- okta_groups: groups of the org, one row each.
-- column type: OKTA_GROUP (members are given here), APP_GROUP (an app imports them) or BUILT_IN (Everyone)
with line as (
  select *, try_cast(lastUpdated as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', "type": 'VARCHAR', lastUpdated: 'VARCHAR', profile: 'STRUCT("name" VARCHAR, description VARCHAR)'}))
select id, "type", profile."name" as name, nullif(profile.description, '') as description, updated_at,
       case when lastUpdated is not null and updated_at is null
              then concat('lastUpdated "', lastUpdated, '" is not a timestamp') end as fault
from line
