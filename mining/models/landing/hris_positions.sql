-- hris_positions: what workers' jobs were from a day on, as HR keeps their history, one row each.
-- column body: the row as it was served; staging.hr_row reads it by the configured columns
select json::varchar as body, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    records = 'false', columns = {json: 'JSON'})
