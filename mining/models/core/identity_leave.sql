-- identity_leave: spells of leave by identity, open ones ending at the as-of time.
-- grain: identity_key, first_day
-- column last_day: inclusive
select i.identity_key, v.first_day, max(coalesce(v.last_day, getvariable('as_of')::date)) as last_day
from core.leave as v join core.identity as i using (worker_id)
where v.first_day <= getvariable('as_of')::date
group by all
order by i.identity_key, v.first_day
