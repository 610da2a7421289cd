-- worker: a person as HR knows them at the as-of time, with the events that have taken effect applied.
-- grain: worker_id
-- column worker_id: employee number
-- column status: pending, active, leave, terminated or contract_ended, at the as-of time
-- column left_on: first day without employment: the day after the last; null while employed
-- column hire_date: first day, effective
-- column record_id: what the HR system itself knows the worker by, beside the number; null where it says none
-- column contract_end: last day of the contract; null when open-ended
-- column moved_on: effective day of the last transfer of another department, title or location; null without one
-- column manager_id: employee number of the manager
with known as (
    select * from staging.worker where nullif(trim(worker_id), '') is not null
    qualify row_number() over (partition by worker_id order by source, hire_date desc nulls last, email nulls last) = 1
),
ended as ( -- an end before the hire is that of an earlier employment
    select worker_id, min(effective) as termination from core.worker_event join known using (worker_id)
    where kind = 'termination' and effective >= coalesce(hire_date, effective) group by all
),
moved as (
    select worker_id, max(effective) as moved_on from core.worker_event
    where kind = 'transfer' and effective <= getvariable('as_of')::date group by all
),
away as (select distinct worker_id from core.leave where getvariable('as_of')::date between first_day and coalesce(last_day, 'infinity'::date)),
dated as (
    select k.*, coalesce(k.termination_date, e.termination) as last_day, m.moved_on, a.worker_id is not null as away
    from known as k
    left join ended as e using (worker_id) left join moved as m using (worker_id) left join away as a using (worker_id)
)
select worker_id, source, lower(nullif(trim(email), '')) as email, display_name, nullif(trim(department), '') as department,
       nullif(trim(title), '') as title, nullif(trim(location), '') as location, nullif(trim(manager_id), '') as manager_id,
       coalesce(worker_type, 'employee') as worker_type, hire_date, contract_end, record_id, moved_on,
       case when last_day < getvariable('as_of')::date then last_day + 1
            when contract_end < getvariable('as_of')::date then contract_end + 1
            when status = 'terminated' and last_day is null then getvariable('as_of')::date end as left_on,
       case when last_day < getvariable('as_of')::date or (status = 'terminated' and last_day is null) then 'terminated'
            when contract_end < getvariable('as_of')::date then 'contract_ended'
            when hire_date > getvariable('as_of')::date then 'pending'
            when away or status = 'leave' then 'leave' else 'active' end as status
from dated
order by worker_id
