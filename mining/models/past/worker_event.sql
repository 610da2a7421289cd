-- worker_event: what had happened to a worker by the cut. What lay ahead is left out, the end of a leave too.
-- grain: worker_id, kind, effective
select source, worker_id, kind, effective, case when until <= getvariable('as_of')::date then until end as until, department,
       title, location, manager_id, old_department, old_title
from present.core.worker_event
where effective <= getvariable('as_of')::date
