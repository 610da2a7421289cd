-- entra_access_reviews: definitions of access reviews, one row each.
select id, displayName as name, status, try_cast(createdDateTime as timestamptz) at time zone 'UTC' as created_at,
       case when createdDateTime is not null and try_cast(createdDateTime as timestamptz) is null
              then concat('createdDateTime "', createdDateTime, '" is not a timestamp') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', displayName: 'VARCHAR', status: 'VARCHAR', createdDateTime: 'VARCHAR'})
