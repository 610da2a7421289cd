-- hr_fact_hris: rows of HR files, reports and systems with their ids read. Whether a source's manager ids are employee
-- numbers or record ids is not said anywhere: they are what finds more of them, record ids when both find as many, and the
-- other where that finds nobody.
-- materialized: five models read it, and its rows are JSON until then
with told as materialized (select * from staging.hr_row_hris),
worker as (
  select source, worker_id as number, record_id as record, max(hire_date) as hired from told
  where stream = 'workers' and coalesce(worker_id, record_id) is not null group by all),
number as (select distinct source, number as id from worker where number is not null),
key as materialized (
  select w.source, w.record as id, max_by(coalesce(w.number, if(n.id is null, w.record, 'record:' || w.record)),
           (coalesce(w.hired, date '0001-01-01'), coalesce(w.number, ''))) as worker_id
  from worker w left join number n on n.source = w.source and n.id = w.record
  where w.record is not null group by all),
meant as (
  select g.source, g.given, n.id as as_number, k.worker_id as as_record,
         count(k.worker_id) over (partition by g.source) >= count(n.id) over (partition by g.source) as records
  from (select distinct source, manager_id as given from told where manager_id is not null) g
  left join number n on n.source = g.source and n.id = g.given
  left join key k on k.source = g.source and k.id = g.given)
select t.* replace (coalesce(t.worker_id, k.worker_id) as worker_id,
         coalesce(if(m.records, coalesce(m.as_record, m.as_number), coalesce(m.as_number, m.as_record)), t.manager_id) as manager_id,
         case when regexp_matches(lower(t.status), 'terminat|inactive|former|resign|separat|retire|left|deceased|dismiss|\bended?\b|^(false|no|0|t)$') then 'terminated'
              when regexp_matches(lower(t.status), 'leave|sabbatical|parental|maternity|absen|\bloa\b|^l$') then 'leave'
              when regexp_matches(lower(t.status), 'pending|pre.?hire|not.?(yet.?)?started|offer|future') then 'pending'
              when regexp_matches(lower(t.status), 'active|current|employed|working|^(true|yes|1|a)$') then 'active' end as status),
       t.status as told_status
from told t
left join key k on k.source = t.source and k.id = t.record_id
left join meant m on m.source = t.source and m.given = t.manager_id
