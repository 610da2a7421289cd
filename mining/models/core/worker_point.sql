-- worker_point: a day on which something about a worker's employment began or ended, by HR's events and by generations of its list.
-- grain: worker_id, day, kind
-- column day: by effective day; -infinity where it is older than anything known
-- column kind: hire; left (the day after the last); ended (the day after the contract); leave and back; place (a move); seen (HR's list
-- shows another state from then on); gone (it does not list the worker any more); unknown (the beginning)
-- column last_day: of a leave; infinity while it is open
-- column told: of seen: terminated or leave, where HR's list says so; null otherwise
with told as (
    select worker_id, 'hire' as kind, effective as day, null::date as last_day, null::varchar as told from core.worker_event where kind = 'hire'
    union select worker_id, 'left', effective + 1, null, null from core.worker_event where kind = 'termination'
    union select worker_id, 'hire', hire_date, null, null from core.worker_generation where last and hire_date is not null
    union select worker_id, 'left', termination_date + 1, null, null from core.worker_generation where last and termination_date is not null
    union select worker_id, 'ended', contract_end + 1, null, null from core.worker_generation where last and contract_end is not null
    union select worker_id, 'leave', first_day, coalesce(last_day, 'infinity'::date), null from core.leave
    union select worker_id, 'back', last_day + 1, null, null from core.leave where last_day is not null
    union select worker_id, 'place', effective, null, null from core.worker_place where place > 0
    union select worker_id, 'seen', seen_on, null, if(status in ('terminated', 'leave'), status, null) from core.worker_generation
          where nth > 1 or absent_on is not null or status in ('terminated', 'leave')
    union select worker_id, 'gone', gone_on, null, null from core.worker_generation where gone_on is not null
)
select worker_id, kind, day, max(last_day) as last_day, max(told) as told from told where day <= getvariable('as_of')::date group by all
union all
select g.worker_id, 'unknown', '-infinity'::date, null, null
from core.worker_generation as g left join told as t using (worker_id)
where g.nth = 1 and g.absent_on is null
group by g.worker_id
having min(t.day) is null or min(t.day) > getvariable('as_of')::date
    or min(t.day) < coalesce(min(t.day) filter (t.kind = 'hire'), 'infinity'::date)
order by worker_id, day, kind
