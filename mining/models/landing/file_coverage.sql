-- file_coverage: days for which whoever made the files vouches, one span each.
-- column covers: the stream whose events are all in the files on these days
select stream as covers, try_cast(first_day as date) as first_day, try_cast(last_day as date) as last_day,
       case when try_cast(first_day as date) is null then concat('first_day "', left(first_day, 80), '" is not a day')
            when try_cast(last_day as date) is null then concat('last_day "', left(last_day, 80), '" is not a day') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {stream: 'VARCHAR', first_day: 'VARCHAR', last_day: 'VARCHAR'})
