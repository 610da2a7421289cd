-- worker_event_hris: what HR files and reports say happened to workers. Of several transfers on one day the last in the
-- order of their values counts. Hires carry no department: HR shows today's, not the first.
with told as (
  select source, worker_id, 'hire' as kind, hire_date as effective from staging.worker_hris
  union all by name
  select source, worker_id, 'termination' as kind, termination_date as effective from staging.worker_hris
  union all by name
  select source, worker_id, 'termination' as kind, effective from staging.hr_row_hris where stream = 'terminations'
  union all by name
  select source, worker_id, 'contract_end' as kind, contract_end as effective from staging.worker_hris
  union all by name
  select source, worker_id, 'leave' as kind, first_day as effective, last_day as until from staging.hr_row_hris where stream = 'leaves'
  union all by name
  select source, worker_id, 'transfer' as kind, effective, department, title, location, manager_id, old_department, old_title
  from staging.hr_row_hris where stream = 'transfers')
select source, worker_id, kind, effective, until, department, title, location, manager_id, old_department, old_title
from told
where worker_id is not null and effective is not null
qualify row_number() over (partition by source, worker_id, kind, effective
  order by until desc nulls first, department desc nulls last, title desc nulls last, location desc nulls last, manager_id desc nulls last) = 1
