-- worker_generation: a worker as generations of HR's list show them, a row for each time that they changed.
-- grain: worker_id, seen_on
-- column seen_on: UTC day of the first generation that lists the worker so; the as-of day where only today's list does
-- column nth: 1 for the oldest
-- column last: the newest
-- column absent_on: day of the generation before, where that one did not list the worker; null otherwise
-- column gone_on: day of the first generation that does not list the worker any more; null otherwise
with version as (
    select * from lake.worker_generation
    union all by name
    select * from staging.worker where worker_id not in (select worker_id from lake.worker_generation where closed_at is null)
),
dated as (
    select * exclude (opened_at, before_at, closed_at), least(opened_at, getvariable('as_of'))::date as seen_on,
           before_at::date as before_on, closed_at::date as closed_on
    from version where nullif(trim(worker_id), '') is not null
    qualify source = min(source) over (partition by worker_id)
),
single as (
    from dated
    qualify row_number() over (partition by worker_id, seen_on order by closed_on desc nulls first, hire_date desc nulls last, email nulls last,
      department nulls last, title nulls last, location nulls last, manager_id nulls last) = 1
)
select * exclude (before_on, closed_on), (row_number() over w)::integer as nth, lead(seen_on) over w is null as last,
       if(lag(closed_on) over w is distinct from seen_on, before_on, null) as absent_on,
       if(lead(seen_on) over w is distinct from closed_on and closed_on <= getvariable('as_of')::date, closed_on, null) as gone_on
from single
window w as (partition by worker_id order by seen_on)
order by worker_id, seen_on
