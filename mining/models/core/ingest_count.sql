-- ingest_count: served = landed + duplicate + quarantined, by source, stream and day of the pull or event.
-- grain: source, stream, day
-- column day: UTC day of the events; the epoch for inventories and for what was refused before its day was known
-- column landed: distinct records that the models read
-- column duplicate: records that repeat another of the same id on the same day
-- column quarantined: records refused at landing or by the landing model
with sealed as (
    select source, stream, coalesce(day, '1970-01-01'::date) as day, sum(rows)::bigint as rows
    from lake.segment where path in (select path from lake.believed) group by all
),
encoded as (
    select source, stream, coalesce(day, '1970-01-01'::date) as day, count(*) filter (fault is null) as kept,
           coalesce(sum(copies - 1), 0)::bigint as duplicate, count(*) filter (fault is not null) as faulty
    from lake.encoded group by all
),
refused as (
    select source, stream, '1970-01-01'::date as day, sum(quarantined)::bigint as refused from lake.counted group by all
)
select source, stream, day, coalesce(e.kept, s.rows, 0)::bigint as landed, coalesce(e.duplicate, 0)::bigint as duplicate,
       (coalesce(e.faulty, 0) + coalesce(r.refused, 0))::bigint as quarantined
from sealed as s
full join encoded as e using (source, stream, day)
full join refused as r using (source, stream, day)
order by source, stream, day
