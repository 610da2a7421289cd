-- file_assignments: who holds what, as a file lists it, one row each.
-- column path: how it is held, as the file says it: direct, group:<id>, rule:<id>, package:<id>, or other words
-- column since: UTC; null when the file does not say
-- column until: UTC; null when open-ended, which 9999-12-31 means too
-- column doubt: words of optional fields that could not be read; the row stands without them
with line as (
  select account_id, entitlement_id, nullif(trim(path), '') as path,
         nullif(regexp_replace(trim(since), '(?i)^(-|n/?a|null|none|never|unknown|0000-00-00.*)$', ''), '') as begins,
         nullif(regexp_replace(trim(until), '(?i)^(-|n/?a|null|none|never|unlimited|0000-00-00.*|9999-.*)$', ''), '') as ends
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {account_id: 'VARCHAR', entitlement_id: 'VARCHAR', since: 'VARCHAR', until: 'VARCHAR', path: 'VARCHAR'})),
told as (
  select *, try_cast(regexp_replace(begins, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as since,
         try_cast(regexp_replace(ends, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as until
  from line)
select account_id, entitlement_id, path, since, until,
       nullif(concat_ws('; ', if(begins is not null and since is null, concat('since "', left(begins, 80), '" is not a time'), null),
         if(ends is not null and until is null, concat('until "', left(ends, 80), '" is not a time'), null)), '') as doubt,
       null::varchar as fault
from told
