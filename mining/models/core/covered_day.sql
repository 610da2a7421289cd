-- covered_day: a day on which any use in the source would have been seen: every kind of sign-in log was complete.
-- grain: source, day
-- column ordinal: number of the covered day in its source, from 1, oldest first
with wanted as (select type, count(distinct need) as needs from core.log_need group by type),
met as (
    select c.source, s.type, c.day, count(distinct n.need) as needs
    from core.coverage as c
    join config.source as s on s.source = c.source
    join core.log_need as n on n.type = s.type and n.stream = c.stream
    where c.status = 'complete'
    group by c.source, s.type, c.day
)
select m.source, m.day, row_number() over (partition by m.source order by m.day)::integer as ordinal
from met as m join wanted as w using (type)
where m.needs = w.needs
order by m.source, m.day
