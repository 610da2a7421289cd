-- worker: a person as HR knows them today.
-- grain: source, worker_id
-- column worker_id: employee number
-- column email: work address
-- column manager_id: employee number of the manager; null when vacant
-- column worker_type: employee, contractor, intern or other
-- column status: pending, active, leave or terminated
-- column hire_date: first day, effective
-- column termination_date: last day, effective; null while employed
-- column record_id: what the HR system itself knows the worker by; null where it says none
-- column contract_end: last day of the contract; null when open-ended
select null::varchar as source, null::varchar as worker_id, null::varchar as email, null::varchar as display_name,
       null::varchar as department, null::varchar as title, null::varchar as location, null::varchar as manager_id,
       null::varchar as worker_type, null::varchar as status, null::date as hire_date,
       null::date as termination_date, null::date as contract_end, null::varchar as record_id
where false
