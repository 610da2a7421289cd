-- covered_before: how many covered days of a source lie before a day, so that spells can be counted in covered days.
-- grain: source, day
-- column before: number of covered days strictly before the day
with span as (
    select source, unnest(generate_series(min(day), greatest(max(day), getvariable('as_of')::date) + 1, interval 1 day))::date as day
    from core.covered_day group by source
)
select s.source, s.day, coalesce(sum((c.day is not null)::integer)
           over (partition by s.source order by s.day rows between unbounded preceding and 1 preceding), 0)::integer as before
from span as s left join core.covered_day as c using (source, day)
order by s.source, s.day
