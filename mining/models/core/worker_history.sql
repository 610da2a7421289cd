-- worker_history: what HR knew of a worker, from when to when by effective day; before the first hire that HR tells there is no spell.
-- grain: worker_id, spell
-- column spell: 1 for the oldest
-- column valid_from: first day; null when older than anything known
-- column valid_to: exclusive; null for the state of the as-of day
-- column department: null when HR does not say what it was; title, location and manager_id likewise
-- column status: pending, active, leave, terminated, or contract_ended when the contract ran out
-- column hire_date: of the employment of that time
-- column termination_date: last day; null until it has passed, though it may have been known before
-- column contract_end: as HR's list said it at that time
-- column basis: of valid_from: hr_event (by its effective day), inventory (seen in a generation), unknown
-- check a spell ends after it begins: select * from core.worker_history where valid_to <= valid_from
with running as (
    select *, max(day) filter (kind = 'hire') over w as hired, max(day) filter (kind = 'left') over w as left_on,
           max(day) filter (kind = 'ended') over w as ended_on, max(last_day) filter (kind = 'leave') over w as away_until,
           arg_max(coalesce(told, ''), day) filter (kind = 'seen') over w as said,
           coalesce(arg_max(kind, (day, kind)) filter (kind in ('gone', 'seen')) over w = 'gone', false) as gone
    from core.worker_point window w as (partition by worker_id order by day range unbounded preceding)
),
state as (
    select worker_id, day, any_value(hired) as hired, any_value(gone) as gone,
           any_value(case when left_on > coalesce(hired, '-infinity'::date) then left_on - 1 end) as termination_date,
           any_value(case when left_on > coalesce(hired, '-infinity'::date) then 'terminated'
                          when ended_on > coalesce(hired, '-infinity'::date) then 'contract_ended'
                          when said <> '' then said when away_until >= day then 'leave' else 'active' end) as status,
           if(bool_or(kind not in ('seen', 'gone', 'place')), 'hr_event', 'inventory') as how
    from running group by worker_id, day
),
placed as (
    select s.worker_id, s.day, s.gone, s.termination_date, p.department, p.title, p.location, p.manager_id,
           coalesce(v.worker_type, f.worker_type) as worker_type, coalesce(v.contract_end, f.contract_end) as contract_end,
           if(s.status = 'active' and s.hired is null and f.hire_date > getvariable('as_of')::date, 'pending', s.status) as status,
           coalesce(s.hired, f.hire_date) as hire_date, if(p.effective = s.day and p.basis = 'hr_event', 'hr_event', s.how) as how
    from state as s
    join core.worker_generation as f on f.worker_id = s.worker_id and f.nth = 1
    asof left join core.worker_generation as v on v.worker_id = s.worker_id and v.seen_on <= s.day
    asof left join core.worker_place as p on p.worker_id = s.worker_id and coalesce(p.effective, '-infinity'::date) <= s.day
),
changed as (
    select * from placed window w as (partition by worker_id order by day)
    qualify lag(day) over w is null
         or (gone, status, hire_date, termination_date, department, title, location, manager_id, worker_type, contract_end) is distinct from
            lag((gone, status, hire_date, termination_date, department, title, location, manager_id, worker_type, contract_end)) over w
),
spell as (select *, lead(day) over (partition by worker_id order by day) as valid_to from changed)
select v.source, s.worker_id, row_number() over (partition by s.worker_id order by s.day)::integer as spell,
       nullif(s.day, '-infinity'::date) as valid_from, s.valid_to, v.email, v.display_name, s.department, s.title, s.location, s.manager_id,
       s.worker_type, s.status, s.hire_date, s.termination_date, s.contract_end, if(s.day = '-infinity'::date, 'unknown', s.how) as basis
from spell as s
asof join (select source, worker_id, email, display_name, if(nth = 1, '-infinity'::date, seen_on) as seen_on from core.worker_generation) as v
  on v.worker_id = s.worker_id and v.seen_on < coalesce(s.valid_to, 'infinity'::date)
where not s.gone
order by worker_id, spell
