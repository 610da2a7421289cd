-- coverage: how far a stream's answers cover a day.
-- grain: source, stream, day
-- column status: complete, partial or gap; a day between the first and the last known that no pull names is a gap
-- column reason: why it is not complete
with told as (
    select source, stream, day, status, reason from lake.covered_day
    qualify row_number() over (partition by source, stream, day order by pull desc, batch desc, status) = 1
),
vouched as (
    select c.source, c.stream, unnest(generate_series(c.first_day, c.last_day, interval 1 day))::date as day
    from staging.covered as c where c.first_day <= c.last_day
),
known as (
    select coalesce(t.source, v.source) as source, coalesce(t.stream, v.stream) as stream, coalesce(t.day, v.day) as day,
           case when v.day is not null then 'complete' else t.status end as status,
           case when v.day is null then t.reason end as reason
    from told as t full join (select distinct * from vouched) as v using (source, stream, day)
),
span as (
    select source, stream, unnest(generate_series(min(day), max(day), interval 1 day))::date as day from known group by source, stream
)
select s.source, s.stream, s.day, coalesce(k.status, 'gap') as status,
       case when k.day is null then 'no pull covers the day' else k.reason end as reason
from span as s left join known as k using (source, stream, day)
where s.day < getvariable('as_of')
order by s.source, s.stream, s.day
