-- okta_users: users of the org in every status, one row each.
-- column status: the platform's own word, such as LOCKED_OUT
-- column status_changed_at: UTC, when the status became what it is
-- column last_login_at: UTC, last successful sign-in; null when there was none
-- column attributes: further profile attributes as a JSON object
with line as (
  select *, try_cast(created as timestamptz) at time zone 'UTC' as created_at,
         try_cast(statusChanged as timestamptz) at time zone 'UTC' as status_changed_at,
         try_cast(lastLogin as timestamptz) at time zone 'UTC' as last_login_at,
         try_cast(lastUpdated as timestamptz) at time zone 'UTC' as updated_at, profile as p
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', status: 'VARCHAR', created: 'VARCHAR', statusChanged: 'VARCHAR', lastLogin: 'VARCHAR', lastUpdated: 'VARCHAR',
    profile: 'STRUCT(login VARCHAR, email VARCHAR, displayName VARCHAR, firstName VARCHAR, lastName VARCHAR,
      employeeNumber VARCHAR, department VARCHAR, title VARCHAR, city VARCHAR, "location" VARCHAR, managerId VARCHAR,
      manager VARCHAR, userType VARCHAR, organization VARCHAR, division VARCHAR, costCenter VARCHAR, state VARCHAR,
      countryCode VARCHAR)'}))
select id, status, p.login as login, nullif(p.email, '') as email,
       coalesce(nullif(p.displayName, ''), nullif(trim(concat_ws(' ', p.firstName, p.lastName)), '')) as display_name,
       nullif(p.employeeNumber, '') as employee_number, p.department as department, p.title as title,
       coalesce(nullif(p.city, ''), p."location") as location, coalesce(nullif(p.managerId, ''), nullif(p.manager, '')) as manager,
       created_at, status_changed_at, last_login_at, updated_at,
       json_merge_patch('{}', json_object('user_type', p.userType, 'organization', p.organization, 'division', p.division,
         'cost_center', p.costCenter, 'state', p.state, 'country', p.countryCode)) as attributes,
       case when created is not null and created_at is null then concat('created "', created, '" is not a timestamp')
            when statusChanged is not null and status_changed_at is null
              then concat('statusChanged "', statusChanged, '" is not a timestamp')
            when lastLogin is not null and last_login_at is null then concat('lastLogin "', lastLogin, '" is not a timestamp')
            when lastUpdated is not null and updated_at is null
              then concat('lastUpdated "', lastUpdated, '" is not a timestamp') end as fault
from line
