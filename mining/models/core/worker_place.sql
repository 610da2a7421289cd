-- worker_place: where a worker was from one move to the next. A value that nobody says is null, not the value that followed; one
-- that a transfer leaves open stands as it was, where the source's transfers tell that attribute at all.
-- grain: worker_id, place
-- column place: 0 before the first move
-- column effective: day from which it holds; null before the first move
-- column basis: of effective: hr_event or inventory; null before the first move
with known as (from core.worker_generation where last),
told as (
    select source, count(coalesce(department, old_department)) > 0 as department, count(coalesce(title, old_title)) > 0 as title,
           count(coalesce(location, old_location)) > 0 as location, count(coalesce(manager_id, old_manager_id)) > 0 as manager_id
    from core.worker_move where basis = 'hr_event' group by source
),
step as (
    select distinct worker_id, 0 as place from (select worker_id from known union all select worker_id from core.worker_move)
    union all by name
    select m.*, (row_number() over (partition by m.worker_id order by m.effective))::integer as place,
           coalesce(m.department, m.old_department) is not null or m.basis = 'hr_event' and not t.department as department_turns,
           coalesce(m.title, m.old_title) is not null or m.basis = 'hr_event' and not t.title as title_turns,
           coalesce(m.location, m.old_location) is not null or m.basis = 'hr_event' and not t.location as location_turns,
           coalesce(m.manager_id, m.old_manager_id) is not null or m.basis = 'hr_event' and not t.manager_id as manager_turns
    from core.worker_move as m left join told as t using (source)
),
value as (
    select s.worker_id, s.place, s.effective, s.basis,
           coalesce(if(lead(s.place) over w is null, k.department, null), s.department, lead(s.old_department) over w) as department,
           coalesce(if(lead(s.place) over w is null, k.title, null), s.title, lead(s.old_title) over w) as title,
           coalesce(if(lead(s.place) over w is null, k.location, null), s.location, lead(s.old_location) over w) as location,
           coalesce(if(lead(s.place) over w is null, k.manager_id, null), s.manager_id, lead(s.old_manager_id) over w) as manager_id,
           count(*) filter (department_turns) over r as d, count(*) filter (title_turns) over r as t,
           count(*) filter (location_turns) over r as l, count(*) filter (manager_turns) over r as m
    from step as s left join known as k using (worker_id)
    window w as (partition by s.worker_id order by s.place),
           r as (partition by s.worker_id order by s.place rows unbounded preceding)
)
select worker_id, place, effective, basis,
       last_value(department ignore nulls) over (partition by worker_id, d order by place rows between unbounded preceding and unbounded following) as department,
       last_value(title ignore nulls) over (partition by worker_id, t order by place rows between unbounded preceding and unbounded following) as title,
       last_value(location ignore nulls) over (partition by worker_id, l order by place rows between unbounded preceding and unbounded following) as location,
       last_value(manager_id ignore nulls) over (partition by worker_id, m order by place rows between unbounded preceding and unbounded following) as manager_id
from value
order by worker_id, place
