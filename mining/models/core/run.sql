-- run: what this snapshot is a function of.
-- grain: run_id
-- column as_of: UTC; nothing after it was looked at
-- column data_digest: first 16 hex digits of the sha256 of all believed segments' hashes
-- column segments: number of landed segments read
select getvariable('run_id')::varchar as run_id, getvariable('as_of')::timestamp as as_of,
       sha256(coalesce(string_agg(sha256, ',' order by path), ''))[:16] as data_digest, count(*) as segments
from lake.believed
