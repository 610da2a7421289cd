-- worker_move: a worker changed department, title, location or manager, by HR's transfers and by what generations of its list show.
-- What a generation shows to have changed is the transfer of at most 62 days before it that names the same values, or none that
-- HR tells, and then it counts from the day on which it was seen.
-- grain: worker_id, effective
-- column effective: day from which the new values hold
-- column department: the new value; null where it is not told or did not change; title, location and manager_id likewise
-- column old_department: the value before, where HR or a generation says it; the other old values likewise
-- column basis: hr_event or inventory
with seen as (
    select worker_id, source, seen_on, lag(seen_on) over w as last_on, lag({'d': department, 't': title, 'l': location, 'm': manager_id}) over w as old,
           department, title, location, manager_id
    from core.worker_generation
    window w as (partition by worker_id order by seen_on)
    qualify old is not null and old is distinct from {'d': department, 't': title, 'l': location, 'm': manager_id}
),
told as (
    select t.worker_id, t.source, t.effective, t.department, t.title, t.location, t.manager_id, t.old_department, t.old_title
    from core.worker_event as t where t.kind = 'transfer' and t.effective <= getvariable('as_of')::date
),
explained as (
    select t.worker_id, t.effective, s.seen_on, s.old
    from told as t join seen as s
      on s.worker_id = t.worker_id and t.effective <= s.seen_on and t.effective > s.seen_on - 62
      and coalesce(t.department, s.department, '') = coalesce(s.department, '') and coalesce(t.title, s.title, '') = coalesce(s.title, '')
      and coalesce(t.location, s.location, '') = coalesce(s.location, '')
    qualify row_number() over (partition by t.worker_id, t.effective order by s.seen_on) = 1
        and row_number() over (partition by t.worker_id, s.seen_on order by t.effective desc) = 1
)
select t.worker_id, t.source, t.effective, t.department, t.title, t.location, t.manager_id,
       coalesce(t.old_department, e.old.d) as old_department, coalesce(t.old_title, e.old.t) as old_title, e.old.l as old_location,
       e.old.m as old_manager_id, 'hr_event' as basis
from told as t left join explained as e using (worker_id, effective)
union all
select worker_id, source, seen_on, if(department is distinct from old.d, department, null), if(title is distinct from old.t, title, null),
       if(location is distinct from old.l, location, null), if(manager_id is distinct from old.m, manager_id, null),
       if(department is distinct from old.d, old.d, null), if(title is distinct from old.t, old.t, null),
       if(location is distinct from old.l, old.l, null), if(manager_id is distinct from old.m, old.m, null), 'inventory'
from seen anti join explained using (worker_id, seen_on)
where seen_on not in (select effective from told where told.worker_id = seen.worker_id)
order by worker_id, effective
