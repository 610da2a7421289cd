-- coverage: how far a stream's answers cover a day.
-- grain: source, stream, day
-- column status: complete, partial or gap; a day between the first and the last known that no pull names is a gap; a day
--   of which more than one event in twenty was refused is partial: what was refused may have been use
-- column reason: why it is not complete
with told as (
    select source, stream, day, status, reason from lake.covered_day
    qualify row_number() over (partition by source, stream, day order by pull desc, batch desc, status) = 1
),
vouched as (
    select c.source, c.stream, unnest(generate_series(c.first_day, c.last_day, interval 1 day))::date as day
    from staging.covered as c semi join lake.pull as p using (source, stream) where c.first_day <= c.last_day
),
known as (
    select coalesce(t.source, v.source) as source, coalesce(t.stream, v.stream) as stream, coalesce(t.day, v.day) as day,
           coalesce(t.status, 'complete') as status, t.reason
    from told as t full join (select distinct * from vouched) as v using (source, stream, day)
),
span as (
    select source, stream, unnest(generate_series(min(day), max(day), interval 1 day))::date as day from known group by source, stream
),
served as (
    select source, stream, day, sum(refused)::bigint as refused, sum(n)::bigint as n from (
        select p.source, p.stream, r.day, count(*) as refused, count(*) as n
        from lake.refused as r join lake.counted as p using (quarantine_file) where r.day is not null group by all
        union all select source, stream, day, sum(copies), 0 from lake.encoded where fault is not null group by all
        union all select source, stream, day, 0, sum(rows) from lake.segment group by all
    ) where day is not null group by source, stream, day
)
select s.source, s.stream, s.day,
       case when k.status = 'complete' and r.refused * 20 > r.n then 'partial' else coalesce(k.status, 'gap') end as status,
       case when k.day is null then 'no pull covers the day'
            when k.status = 'complete' and r.refused * 20 > r.n then r.refused || ' of ' || r.n || ' events were refused'
            else k.reason end as reason
from span as s left join known as k using (source, stream, day) left join served as r using (source, stream, day)
where s.day < getvariable('as_of')
order by s.source, s.stream, s.day
