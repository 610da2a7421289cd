-- worker_hris: workers of HR files and reports. A worker who stands twice is the newest hire.
-- A status in words that are not known is null: the dates decide then.
with told as (
  select *, lower(coalesce(status, '')) as status_word, lower(coalesce(worker_type, '')) as type_word
  from staging.hr_row_hris where stream = 'workers' and worker_id is not null),
ended as (
  select source, worker_id, max(effective) as effective from staging.hr_row_hris
  where stream = 'terminations' and effective is not null group by all)
select t.source, t.worker_id, t.email, t.display_name, t.department, t.title, t.location,
       nullif(t.manager_id, t.worker_id) as manager_id,
       case when regexp_matches(type_word, '\b(interns?|internship|trainee|apprentice|student|praktikant(in)?|werkstudent(in)?)\b') then 'intern'
            when regexp_matches(type_word, 'permanent|fixed.?term|unlimited|regular|salaried') then 'employee'
            when regexp_matches(type_word, 'contract|contingent|consultant|vendor|freelance|temp\b|temporary|agency|external|outsourced|supplier') then 'contractor'
            when regexp_matches(type_word, 'employee|full.?time|part.?time|hourly|staff|\bfte\b') then 'employee'
            else 'other' end as worker_type,
       case when regexp_matches(status_word, 'terminat|inactive|former|resign|separat|retire|left|deceased|dismiss|\bended?\b|^(false|no|0|t)$') then 'terminated'
            when regexp_matches(status_word, 'leave|sabbatical|parental|maternity|absen|\bloa\b') then 'leave'
            when regexp_matches(status_word, 'pending|pre.?hire|not.?(yet.?)?started|offer|future') then 'pending'
            when regexp_matches(status_word, 'active|current|employed|working|^(true|yes|1|a)$') then 'active' end as status,
       t.hire_date, case when e.effective >= coalesce(t.hire_date, e.effective) then coalesce(t.termination_date, e.effective)
                         when t.termination_date >= coalesce(t.hire_date, t.termination_date) then t.termination_date end as termination_date,
       t.contract_end
from told t left join ended e using (source, worker_id)
qualify row_number() over (partition by t.source, t.worker_id
  order by t.hire_date desc nulls last, t.termination_date desc nulls first, t.email nulls last, t.department nulls last, t.title) = 1
