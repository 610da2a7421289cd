-- file_opens: which entitlement opens which other, one row each: a spell (since, until), or a change (at, action).
-- column at: UTC, of a change; null for a spell
-- column action: grant or revoke, of a change
-- column level: which right the row is about, where two entitlements are tied by several; empty otherwise
-- column doubt: words of optional fields that could not be read; the row stands without them
with line as (
  select entitlement_id, opens_id, coalesce(trim(level), '') as level, lower(nullif(trim(action), '')) as action,
         nullif(trim("at"), '') as stamp,
         nullif(regexp_replace(trim(since), '(?i)^(-|n/?a|null|none|never|unknown|0000-00-00.*)$', ''), '') as begins,
         nullif(regexp_replace(trim(until), '(?i)^(-|n/?a|null|none|never|unlimited|0000-00-00.*|9999-.*)$', ''), '') as ends
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {entitlement_id: 'VARCHAR',
    opens_id: 'VARCHAR', since: 'VARCHAR', until: 'VARCHAR', "at": 'VARCHAR', action: 'VARCHAR', level: 'VARCHAR'})),
told as (
  select *, try_cast(regexp_replace(begins, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as since,
         try_cast(regexp_replace(ends, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as until,
         try_cast(regexp_replace(stamp, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as "at"
  from line)
select entitlement_id, opens_id, since, until, "at", action, level,
       nullif(concat_ws('; ', if(begins is not null and since is null, concat('since "', left(begins, 80), '" is not a time'), null),
         if(ends is not null and until is null, concat('until "', left(ends, 80), '" is not a time'), null)), '') as doubt,
       case when coalesce(action, 'grant') not in ('grant', 'revoke')
              then concat('action "', left(action, 80), '" is neither grant nor revoke')
            when action is not null and "at" is null then concat('at "', left(coalesce(stamp, ''), 80), '" is not a time') end as fault
from told
