-- file_usage: use that a file tells, one row each: single uses with their time, or counts by day.
-- Without an entitlement a row shows no more than that the account is alive; a count of zero shows nothing.
with line as (
  select *, coalesce(nullif(trim("at"), ''), trim(day)) as stamp, lower(coalesce(trim(outcome), '')) as result,
         nullif(trim(count), '') as counted, nullif(trim(interactive), '') as person, nullif(trim(entitlement_id), '') as entitlement,
         try_cast(regexp_replace(stamp, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as instant
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {_id: 'VARCHAR', "at": 'VARCHAR',
    day: 'VARCHAR', account_id: 'VARCHAR', entitlement_id: 'VARCHAR', count: 'VARCHAR', outcome: 'VARCHAR',
    interactive: 'VARCHAR', event_type: 'VARCHAR'})),
told as (
  select _id, instant, stamp, account_id, entitlement, event_type, counted, result, person,
         if(counted is null, 1, try_cast(counted as bigint)) as n, try_cast(person as boolean) as attended,
         case when result in ('', 'success', 'successful', 'succeeded', 'ok', 'allow', 'allowed') then 'success'
              when result in ('failure', 'failed', 'fail', 'error', 'deny', 'denied') then 'failure'
              when result in ('weak', 'attempt', 'unknown') then 'weak' end as known_outcome
  from line)
select _id as event_id, instant as "at",
       case when n = 0 then 'other' when entitlement is null then 'presence' else 'use' end as kind,
       known_outcome as outcome, account_id as account, entitlement, null::varchar as other, null::varchar as value,
       attended as interactive, null::varchar as actor, nullif(trim(event_type), '') as event_type, n::bigint as n,
       case when instant is null then concat('time "', left(coalesce(stamp, ''), 80), '" is not a time')
            when counted is not null and coalesce(try_cast(counted as bigint), -1) < 0 then concat('count "', left(counted, 80), '" is not a whole number')
            when known_outcome is null then concat('outcome "', left(result, 80), '" is not success, failure or weak')
            when person is not null and attended is null
              then concat('interactive "', left(person, 80), '" is not yes or no') end as fault
from told
