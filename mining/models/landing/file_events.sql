-- file_events: grants and revokes that a file tells, one row each. A row that stands twice is one event.
with line as (
  select *, lower(trim(action)) as deed, trim("at") as stamp,
         try_cast(regexp_replace(trim("at"), '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as instant
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {_id: 'VARCHAR', "at": 'VARCHAR',
    action: 'VARCHAR', account_id: 'VARCHAR', entitlement_id: 'VARCHAR', actor: 'VARCHAR', event_type: 'VARCHAR'}))
select _id as event_id, instant as "at", if(deed in ('grant', 'revoke'), deed, 'other') as kind, 'success' as outcome,
       account_id as account, entitlement_id as entitlement, null::varchar as other, null::varchar as value,
       null::boolean as interactive, nullif(trim(actor), '') as actor, coalesce(nullif(trim(event_type), ''), action) as event_type,
       1::bigint as n,
       case when instant is null then concat('at "', left(stamp, 80), '" is not a time')
            when kind = 'other' then concat('action "', left(action, 80), '" is neither grant nor revoke') end as fault
from line
