-- auth0_users: users of the tenant, one row each.
-- column blocked: true when sign-in is refused; null when not served
-- column last_login_at: UTC, last successful sign-in; null when there was none
with line as (
  select *, try_cast(created_at as timestamptz) at time zone 'UTC' as created,
         try_cast(updated_at as timestamptz) at time zone 'UTC' as updated,
         try_cast(last_login as timestamptz) at time zone 'UTC' as last_login_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    user_id: 'VARCHAR', email: 'VARCHAR', username: 'VARCHAR', "name": 'VARCHAR', nickname: 'VARCHAR', given_name: 'VARCHAR',
    family_name: 'VARCHAR', created_at: 'VARCHAR', updated_at: 'VARCHAR', last_login: 'VARCHAR', blocked: 'VARCHAR'}))
select user_id, nullif(email, '') as email, nullif(username, '') as username,
       coalesce(nullif(trim(concat_ws(' ', given_name, family_name)), ''), nullif("name", ''), nullif(nickname, '')) as display_name,
       lower(blocked) = 'true' as blocked, created as created_at, updated as updated_at, last_login_at,
       case when line.created_at is not null and created is null then concat('created_at "', line.created_at, '" is not a timestamp')
            when line.updated_at is not null and updated is null then concat('updated_at "', line.updated_at, '" is not a timestamp')
            when last_login is not null and last_login_at is null then concat('last_login "', last_login, '" is not a timestamp') end as fault
from line
