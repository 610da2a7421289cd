-- leave: a spell in which a worker is away and silence means nothing.
-- grain: worker_id, first_day
-- column first_day: effective
-- column last_day: inclusive; null while open
select worker_id, effective as first_day, max(until) filter (until >= effective) as last_day
from core.worker_event
where kind = 'leave' and worker_id is not null and effective is not null
group by worker_id, effective
order by worker_id, first_day
