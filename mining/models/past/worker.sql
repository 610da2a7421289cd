-- worker: the persons of HR at the cut. Ends of employment that lay ahead are left out: whether HR knew them is not known.
-- grain: source, worker_id
select source, worker_id, email, display_name, department, title, location, manager_id, worker_type, status, hire_date,
       case when termination_date < getvariable('as_of')::date then termination_date end as termination_date, contract_end, null::varchar as record_id
from present.core.worker_history
where (valid_from is null or valid_from <= getvariable('as_of')::date) and (valid_to is null or valid_to > getvariable('as_of')::date)
qualify row_number() over (partition by worker_id order by spell desc) = 1
