-- entra_sign_ins_noninteractive: sign-ins of Microsoft Graph beta that a client made on a person's behalf, one row each.
-- An errorCode of 0 is a success. Interrupts, at which the platform waits for the person (a second factor, a
-- password change, "stay signed in?"), are neither success nor failure: the outcome is weak, and so it is where
-- the platform gives no code. Columns: mining/models/README.md.
with line as (
  select *, nullif(nullif(userId, ''), '00000000-0000-0000-0000-000000000000') as account, nullif(appId, '') as app,
         try_cast(if(regexp_matches(createdDateTime, '(Z|[+-]\d\d:?\d\d)$'), createdDateTime, createdDateTime || 'Z')
           as timestamptz) at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', createdDateTime: 'VARCHAR', userId: 'VARCHAR', appId: 'VARCHAR', isInteractive: 'VARCHAR',
    status: 'STRUCT(errorCode VARCHAR)'}))
select id as event_id, "at",
       case when account is null then 'other' when app is null then 'presence' else 'use' end as kind,
       case when status.errorCode = '0' then 'success'
            when status.errorCode is null then 'weak'
            when status.errorCode in (
             '16000', '16001', '16003', '50055', '50058', '50059', '50072', '50074', '50076', '50079', '50097', '50125', '50127',
             '50129', '50140', '50143', '50144', '50199', '50203', '51006', '52004', '65001', '81010', '81012', '81014') then 'weak'
            else 'failure' end as outcome,
       account, app as entitlement, null::varchar as other, null::varchar as value,
       coalesce(try_cast(isInteractive as boolean), false) as interactive,
       null::varchar as actor, 'Sign-in activity' as event_type, 1::bigint as n,
       case when "at" is null then concat('createdDateTime "', createdDateTime, '" is not a timestamp')
            when status.errorCode is not null and try_cast(status.errorCode as bigint) is null
              then concat('status.errorCode "', status.errorCode, '" is not a number')
            when isInteractive is not null and try_cast(isInteractive as boolean) is null
              then concat('isInteractive "', isInteractive, '" is not true or false') end as fault
from line
