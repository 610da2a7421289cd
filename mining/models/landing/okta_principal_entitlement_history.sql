-- okta_principal_entitlement_history: what a user held in an app over a span of time, one row each span.
-- column started_at: UTC
-- column ended_at: UTC; null for what is held now
-- column value_ids: the values that were held
with line as (
  select *, try_cast(item.startDate as timestamptz) at time zone 'UTC' as started_at,
         try_cast(item.endDate as timestamptz) at time zone 'UTC' as ended_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR',
    item: 'STRUCT(startDate VARCHAR, endDate VARCHAR, lifecycle VARCHAR, entitlements STRUCT(id VARCHAR, "values" STRUCT(id VARCHAR)[])[])'}))
select split_part(parent_id, '/', 1) as app_id, split_part(parent_id, '/', 2) as user_id, started_at, ended_at, item.lifecycle as lifecycle,
       coalesce(list_transform(flatten(list_transform(item.entitlements, lambda e: e."values")), lambda v: v.id), []) as value_ids,
       case when started_at is null then concat('startDate "', item.startDate, '" is not a timestamp')
            when item.endDate is not null and ended_at is null
              then concat('endDate "', item.endDate, '" is not a timestamp') end as fault
from line
