-- worker_history: the persons of HR, as far as the cut could know.
-- grain: worker_id, spell
select * replace (case when valid_to <= getvariable('as_of')::date then valid_to end as valid_to, case when termination_date < getvariable('as_of')::date then termination_date end as termination_date)
from present.core.worker_history
where valid_from is null or valid_from <= getvariable('as_of')::date
order by all
