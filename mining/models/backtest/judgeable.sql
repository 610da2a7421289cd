-- judgeable: whether the log of a source shows what followed the cut.
-- grain: source
-- column covered: covered days within the horizon
-- column judged: at least four fifths of the horizon are covered; on fewer days silence proves little
select s.source, count(c.day)::integer as covered, count(c.day) >= 0.8 * getvariable('judged_days') as judged
from (select distinct source from core.entitlement) as s
left join present.core.covered_day as c
       on c.source = s.source and c.day >= getvariable('as_of')::date and c.day < getvariable('as_of')::date + getvariable('judged_days')
group by s.source
order by s.source
