-- worker_event_hris: what HR files, reports and systems say happened to workers. Of several transfers on one day the last in
-- the order of their values counts. Hires carry no department: HR shows today's, not the first. In a history of positions a
-- row that differs from the one before it is a transfer, and the first is none; in one of statuses what follows an end is a
-- hire, and a leave lasts until the day before the next row.
with fact as materialized (select * from staging.hr_fact_hris where worker_id is not null),
worker as materialized (select * from staging.worker_hris),
position as (
  select source, worker_id, effective, department, title, location, manager_id,
         lag({'department': department, 'title': title, 'location': location}) over (partition by source, worker_id order by effective) as old
  from (select * from fact where stream = 'positions' and effective is not null
        qualify row_number() over (partition by source, worker_id, effective
          order by department desc nulls last, title desc nulls last, location desc nulls last, manager_id desc nulls last) = 1)),
spell as (
  select source, worker_id, effective, status, lag(status) over w as before, (lead(effective) over w - 1)::date as last_day
  from fact where stream = 'statuses' and effective is not null
  window w as (partition by source, worker_id order by effective, status nulls last)),
told as (
  select source, worker_id, 'hire' as kind, hire_date as effective from worker
  union all by name
  select source, worker_id, 'hire' as kind, hire_date as effective from fact where hire_date > getvariable('as_of')::date
  union all by name
  select source, worker_id, 'hire' as kind, effective from spell where before = 'terminated' and status is distinct from 'terminated'
  union all by name
  select source, worker_id, 'termination' as kind, termination_date as effective from worker
  union all by name
  select source, worker_id, 'termination' as kind, effective from fact where stream = 'terminations'
  union all by name
  select source, worker_id, 'termination' as kind, effective from spell where status = 'terminated' and before is distinct from 'terminated'
  union all by name
  select source, worker_id, 'contract_end' as kind, contract_end as effective from worker
  union all by name
  select source, worker_id, 'leave' as kind, first_day as effective, last_day as until from fact where stream = 'leaves'
  union all by name
  select source, worker_id, 'leave' as kind, effective, last_day as until from spell where status = 'leave'
  union all by name
  select source, worker_id, 'leave' as kind, status_since as effective, status_until as until from fact where stream = 'workers' and status = 'leave'
  union all by name
  select source, worker_id, 'transfer' as kind, effective, department, title, location, manager_id, old_department, old_title
  from fact where stream = 'transfers'
  union all by name
  select source, worker_id, 'transfer' as kind, effective, department, title, location, manager_id,
         old['department'] as old_department, old['title'] as old_title
  from position where old is not null
    and (department <> coalesce(old['department'], '') or title <> coalesce(old['title'], '') or location <> coalesce(old['location'], '')))
select source, worker_id, kind, effective, until, department, title, location, manager_id, old_department, old_title
from told
where worker_id is not null and effective is not null
qualify row_number() over (partition by source, worker_id, kind, effective
  order by until desc nulls first, department desc nulls last, title desc nulls last, location desc nulls last, manager_id desc nulls last) = 1
