-- worker_event: what happened, or will happen, to a worker, by its effective day.
-- grain: worker_id, kind, effective
-- column kind: hire, transfer, leave, termination or contract_end
-- column department: the new value; null when unchanged or unknown
-- column old_department: the value before a transfer, when HR says it
select worker_id, kind, effective, until, department, title, location, manager_id, old_department, old_title, source
from staging.worker_event
where worker_id is not null and kind is not null and effective is not null
qualify row_number() over (partition by worker_id, kind, effective order by source, department nulls last, title nulls last) = 1
order by worker_id, kind, effective
