-- entra_users: users of the directory as Graph lists them, members and guests, one row each.
-- column manager: id of the expanded manager
-- column last_seen_at: last successful sign-in, where signInActivity was asked for; null is not "never"
with line as (
  select *, try_cast(createdDateTime as timestamptz) at time zone 'UTC' as created_at,
         try_cast(employeeHireDate as timestamptz) at time zone 'UTC' as hired_at,
         try_cast(signInActivity.lastSuccessfulSignInDateTime as timestamptz) at time zone 'UTC' as last_seen_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', userPrincipalName: 'VARCHAR', mail: 'VARCHAR', displayName: 'VARCHAR', accountEnabled: 'VARCHAR',
    userType: 'VARCHAR', employeeId: 'VARCHAR', employeeType: 'VARCHAR', department: 'VARCHAR', jobTitle: 'VARCHAR',
    officeLocation: 'VARCHAR', createdDateTime: 'VARCHAR', employeeHireDate: 'VARCHAR', onPremisesSyncEnabled: 'VARCHAR',
    manager: 'STRUCT(id VARCHAR)', signInActivity: 'STRUCT(lastSuccessfulSignInDateTime VARCHAR)'}))
select id, userPrincipalName as login, nullif(mail, '') as email, displayName as display_name, lower(userType) as user_type,
       try_cast(accountEnabled as boolean) as enabled, nullif(employeeId, '') as employee_id, employeeType as employee_type,
       department, jobTitle as title, officeLocation as location, manager.id as manager, created_at, hired_at,
       last_seen_at, try_cast(onPremisesSyncEnabled as boolean) as synced,
       case when accountEnabled is not null and enabled is null
              then concat('accountEnabled "', accountEnabled, '" is not true or false')
            when createdDateTime is not null and created_at is null
              then concat('createdDateTime "', createdDateTime, '" is not a timestamp')
            when onPremisesSyncEnabled is not null and synced is null
              then concat('onPremisesSyncEnabled "', onPremisesSyncEnabled, '" is not true or false')
            when employeeHireDate is not null and hired_at is null
              then concat('employeeHireDate "', employeeHireDate, '" is not a timestamp')
            when signInActivity.lastSuccessfulSignInDateTime is not null and last_seen_at is null
              then concat('signInActivity.lastSuccessfulSignInDateTime "', signInActivity.lastSuccessfulSignInDateTime,
                          '" is not a timestamp') end as fault
from line
