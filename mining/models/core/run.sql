-- run: what this snapshot is a function of.
-- grain: run_id
-- column as_of: UTC; nothing after it was looked at
-- column data_digest: 16 hex digits that name the believed records, in whatever order and division they landed
-- column records: number of landed records read, repeated ones too
with part as (
    select concat_ws('/', source, stream, coalesce(day::varchar, '')) as part, sum(rows)::bigint as rows,
           (sum(sum::hugeint) % 18446744073709551616)::ubigint as sum
    from lake.believed group by all
)
select getvariable('run_id')::varchar as run_id, getvariable('as_of')::timestamp as as_of,
       sha256(coalesce(string_agg(concat_ws(' ', part, rows, sum), ',' order by part), ''))[:16] as data_digest,
       coalesce(sum(rows), 0)::bigint as records
from part
