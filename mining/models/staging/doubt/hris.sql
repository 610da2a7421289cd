-- doubt_hris: values of HR that could not be read, words for a status that are not known, and rows about nobody.
with fact as materialized (select * from staging.hr_fact_hris)
select distinct source, stream, coalesce(worker_id, record_id, '') as native_ref, doubt from fact where doubt is not null
union
select source, stream, worker_id, concat('status "', left(told_status, 80), '" is not known')
from fact where stream = 'workers' and worker_id is not null and told_status is not null and status is null
union
select source, stream, record_id, 'record_id is nobody that HR lists' from fact where worker_id is null and record_id is not null
