-- worker_event: something that happened, or will happen, to a worker, by its effective date.
-- grain: source, worker_id, kind, effective
-- column kind: hire, transfer, leave, termination or contract_end
-- column effective: the day from which it holds
-- column until: last day of a leave; null when open
-- column department: the new value of a transfer or hire; null when unchanged or unknown
-- column old_department: the value before a transfer, when HR says it
select null::varchar as source, null::varchar as worker_id, null::varchar as kind, null::date as effective,
       null::date as until, null::varchar as department, null::varchar as title, null::varchar as location,
       null::varchar as manager_id, null::varchar as old_department, null::varchar as old_title
where false
