-- worker_place: where a worker was from one transfer to the next. A value that HR does not say is null, not the value that followed;
-- one that a transfer leaves open stands as it was, where the source's transfers tell that attribute at all.
-- grain: worker_id, place
-- column place: 0 before the first transfer
-- column effective: day from which it holds; null before the first transfer
with known as (
    select * from staging.worker where nullif(trim(worker_id), '') is not null
    qualify row_number() over (partition by worker_id order by source, hire_date desc nulls last, email nulls last) = 1
),
move as (
    select worker_id, source, effective, department, title, location, manager_id, old_department, old_title,
           null::varchar as old_location, null::varchar as old_manager_id
    from core.worker_event where kind = 'transfer' and effective <= getvariable('as_of')::date
),
told as (
    select source, count(coalesce(department, old_department)) > 0 as department, count(coalesce(title, old_title)) > 0 as title,
           count(coalesce(location, old_location)) > 0 as location, count(coalesce(manager_id, old_manager_id)) > 0 as manager_id
    from move group by source
),
step as (
    select worker_id, source, 0 as place from (select worker_id, source from known union all select worker_id, source from move)
    qualify row_number() over (partition by worker_id order by source) = 1
    union all by name
    select m.*, (row_number() over (partition by m.worker_id order by m.effective))::integer as place,
           coalesce(m.department, m.old_department) is not null or not t.department as department_turns,
           coalesce(m.title, m.old_title) is not null or not t.title as title_turns,
           coalesce(m.location, m.old_location) is not null or not t.location as location_turns,
           coalesce(m.manager_id, m.old_manager_id) is not null or not t.manager_id as manager_turns
    from move as m join told as t using (source)
),
value as (
    select s.worker_id, s.place, s.effective,
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
select worker_id, place, effective,
       last_value(department ignore nulls) over (partition by worker_id, d order by place rows between unbounded preceding and unbounded following) as department,
       last_value(title ignore nulls) over (partition by worker_id, t order by place rows between unbounded preceding and unbounded following) as title,
       last_value(location ignore nulls) over (partition by worker_id, l order by place rows between unbounded preceding and unbounded following) as location,
       last_value(manager_id ignore nulls) over (partition by worker_id, m order by place rows between unbounded preceding and unbounded following) as manager_id
from value
order by worker_id, place
