-- worker_hris: workers of HR files, reports and systems. A worker who stands twice is the newest hire that has begun.
-- A status in words that are not known is null: the dates decide then.
with fact as materialized (select *, lower(coalesce(worker_type, '')) as type_word from staging.hr_fact_hris where worker_id is not null),
told as (select * from fact where stream = 'workers'),
person as (
  select source, worker_id, min(display_name) as display_name, min(email) as email from fact where stream = 'persons' group by all),
ended as (
  select source, worker_id, max(effective) as effective from (
    select source, worker_id, effective from fact where stream = 'terminations'
    union all
    select source, worker_id, effective from fact where stream = 'statuses' and effective is not null
    qualify status = 'terminated' and lead(effective) over (partition by source, worker_id order by effective, status nulls last) is null)
  where effective is not null group by all)
select t.source, t.worker_id, coalesce(t.email, p.email) as email, coalesce(t.display_name, p.display_name) as display_name,
       t.department, t.title, t.location, nullif(t.manager_id, t.worker_id) as manager_id,
       case when regexp_matches(type_word, '\b(interns?|internship|trainee|apprentice|student|praktikant(in)?|werkstudent(in)?)\b') then 'intern'
            when regexp_matches(type_word, 'permanent|fixed.?term|unlimited|regular|salaried') then 'employee'
            when regexp_matches(type_word, 'contract|contingent|consultant|vendor|freelance|temp\b|temporary|agency|external|outsourced|supplier') then 'contractor'
            when regexp_matches(type_word, 'employee|full.?time|part.?time|hourly|staff|\bfte\b') then 'employee'
            else 'other' end as worker_type,
       t.status, t.hire_date,
       case when e.effective >= coalesce(t.hire_date, e.effective) then coalesce(t.termination_date, e.effective)
            when t.termination_date >= coalesce(t.hire_date, t.termination_date) then t.termination_date end as termination_date,
       t.contract_end, t.record_id
from told t left join ended e using (source, worker_id) left join person p using (source, worker_id)
qualify row_number() over (partition by t.source, t.worker_id
  order by coalesce(t.hire_date > getvariable('as_of')::date, false), t.hire_date desc nulls last, t.termination_date desc nulls first, t.email nulls last, t.department nulls last, t.title) = 1
