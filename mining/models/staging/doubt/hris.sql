-- doubt_hris: values of HR that could not be read, and words for a status that are not known.
with told as (
  select source, stream, coalesce(worker_id, '') as native_ref, doubt from staging.hr_row_hris where doubt is not null
  union all
  select r.source, r.stream, r.worker_id, concat('status "', left(r.status, 80), '" is not known')
  from staging.hr_row_hris r join staging.worker_hris w on w.source = r.source and w.worker_id = r.worker_id
  where r.stream = 'workers' and r.status is not null and w.status is null)
select distinct source, stream, native_ref, doubt from told
