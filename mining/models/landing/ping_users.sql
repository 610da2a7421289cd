-- ping_users: users of the environment, one row each.
-- column enabled: the platform's own word, true or false; null when not served
-- column lifecycle: the platform's own word, such as ACCOUNT_OK
-- column last_sign_on_at: UTC, last successful sign-on; null when there was none
-- column attributes: further attributes as a JSON object
with line as (
  select *, try_cast(createdAt as timestamptz) at time zone 'UTC' as created_at,
         try_cast(updatedAt as timestamptz) at time zone 'UTC' as updated_at,
         try_cast(lastSignOn."at" as timestamptz) at time zone 'UTC' as last_sign_on_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', username: 'VARCHAR', email: 'VARCHAR', title: 'VARCHAR', "type": 'VARCHAR', enabled: 'VARCHAR', externalId: 'VARCHAR',
    createdAt: 'VARCHAR', updatedAt: 'VARCHAR', "name": 'STRUCT(formatted VARCHAR, given VARCHAR, family VARCHAR)',
    lastSignOn: 'STRUCT("at" VARCHAR)', lifecycle: 'STRUCT(status VARCHAR)', address: 'STRUCT(locality VARCHAR)',
    population: 'STRUCT(id VARCHAR)'}))
select id, username, nullif(email, '') as email,
       coalesce(nullif("name".formatted, ''), nullif(trim(concat_ws(' ', "name".given, "name".family)), '')) as display_name,
       nullif(title, '') as title, nullif(address.locality, '') as location, lower(enabled) as enabled, lifecycle.status as lifecycle,
       created_at, updated_at, last_sign_on_at,
       json_merge_patch('{}', json_object('user_type', "type", 'external_id', externalId, 'population', population.id)) as attributes,
       case when createdAt is not null and created_at is null then concat('createdAt "', createdAt, '" is not a timestamp')
            when updatedAt is not null and updated_at is null then concat('updatedAt "', updatedAt, '" is not a timestamp')
            when lastSignOn."at" is not null and last_sign_on_at is null
              then concat('lastSignOn.at "', lastSignOn."at", '" is not a timestamp') end as fault
from line
