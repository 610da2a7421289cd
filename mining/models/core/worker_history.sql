-- worker_history: what HR knew of a worker, from when to when by effective day; before the first hire that HR tells there is no spell.
-- grain: worker_id, spell
-- column spell: 1 for the oldest
-- column valid_from: first day; null when older than anything known
-- column valid_to: exclusive; null for the state of the as-of day
-- column department: null when HR does not say what it was; title, location and manager_id likewise
-- column status: pending, active, leave, terminated, or contract_ended when the contract ran out
-- column hire_date: of the employment of that time
-- column termination_date: last day; null until it has passed, though it may have been known before
-- column contract_end: as HR says it today
-- column basis: of valid_from: hr_event (by its effective day), inventory (seen in a generation), unknown
-- check a spell ends after it begins: select * from core.worker_history where valid_to <= valid_from
with known as (
    select * from staging.worker where nullif(trim(worker_id), '') is not null
    qualify row_number() over (partition by worker_id order by source, hire_date desc nulls last, email nulls last) = 1
),
told as (
    select worker_id, 'hire' as kind, effective as day, null::date as last_day from core.worker_event where kind = 'hire'
    union all select worker_id, 'left', effective + 1, null from core.worker_event where kind = 'termination'
    union all select worker_id, 'ended', contract_end + 1, null from known where contract_end is not null
    union all select worker_id, 'leave', first_day, coalesce(last_day, 'infinity'::date) from core.leave
    union all select worker_id, 'back', last_day + 1, null from core.leave where last_day is not null
    union all select worker_id, 'place', effective, null from core.worker_place where place > 0
    union all select worker_id, 'today', getvariable('as_of')::date, null from known where status in ('terminated', 'leave')
),
begun as (
    from told where day <= getvariable('as_of')::date
    union all
    select worker_id, 'unknown', '-infinity'::date, null from known as k left join told as t using (worker_id)
    group by worker_id
    having min(t.day) is null or min(t.day) > getvariable('as_of')::date or min(t.day) < coalesce(min(t.day) filter (t.kind = 'hire'), 'infinity'::date)
),
running as (
    select *, max(day) filter (kind = 'hire') over w as hired, max(day) filter (kind = 'left') over w as left_on,
           max(day) filter (kind = 'ended') over w as ended_on, max(last_day) filter (kind = 'leave') over w as away_until
    from begun window w as (partition by worker_id order by day range unbounded preceding)
),
state as (
    select distinct on (r.worker_id, r.day) r.worker_id, r.day, coalesce(r.hired, k.hire_date) as hire_date,
           case when left_on > coalesce(hired, '-infinity'::date) then left_on - 1 end as termination_date,
           case when left_on > coalesce(hired, '-infinity'::date) then 'terminated'
                when ended_on > coalesce(hired, '-infinity'::date) then 'contract_ended'
                when bool_or(kind = 'today') over (partition by r.worker_id, r.day) then k.status
                when away_until >= r.day then 'leave'
                when hired is null and k.hire_date > getvariable('as_of')::date then 'pending' else 'active' end as status,
           if(kind = 'today', 'inventory', 'hr_event') as how
    from running as r left join known as k using (worker_id)
    order by r.worker_id, r.day, kind = 'today', kind
),
placed as (
    select s.*, p.department, p.title, p.location, p.manager_id
    from state as s asof left join core.worker_place as p on p.worker_id = s.worker_id and coalesce(p.effective, '-infinity'::date) <= s.day
),
changed as (
    select * from placed window w as (partition by worker_id order by day)
    qualify (status, hire_date, termination_date, department, title, location, manager_id) is distinct from
        lag((status, hire_date, termination_date, department, title, location, manager_id)) over w or lag(day) over w is null
)
select k.source, c.worker_id, row_number() over w as spell, nullif(c.day, '-infinity'::date) as valid_from, lead(c.day) over w as valid_to,
       k.email, k.display_name, c.department, c.title, c.location, c.manager_id, k.worker_type, c.status, c.hire_date, c.termination_date,
       k.contract_end, if(c.day = '-infinity'::date, 'unknown', c.how) as basis
from changed as c join known as k using (worker_id)
window w as (partition by c.worker_id order by c.day)
order by worker_id, spell
