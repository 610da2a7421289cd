-- file_account_changes: changed attributes of accounts that a file tells, one row each.
with line as (
  select *, try_cast(regexp_replace(trim("at"), '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as instant
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {_id: 'VARCHAR', "at": 'VARCHAR',
    account_id: 'VARCHAR', attribute: 'VARCHAR', value: 'VARCHAR'}))
select _id as event_id, instant as "at", 'account_change' as kind, 'success' as outcome, account_id as account,
       null::varchar as entitlement, lower(trim(attribute)) as other, value, null::boolean as interactive,
       null::varchar as actor, 'account_change' as event_type, 1::bigint as n,
       case when instant is null then concat('at "', left(trim("at"), 80), '" is not a time') end as fault
from line
