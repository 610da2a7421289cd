-- hr_row: one row that HR served, under our names. Columns that the stream does not have are null.
-- Words that mean nothing (-, n/a, none, vacant, 0000-00-00, a year of 9999) are null.
-- column stream: workers, persons, positions, statuses, transfers, leaves or terminations
-- column worker_id: employee number, as told
-- column record_id: what the HR system itself knows the worker by
-- column manager_id: the manager, as told: an employee number or a record id
-- column worker_type: HR's own word, or ours where the configuration translates it; so is status
-- column kind: HR's own word for a leave
-- column effective: of a position, status, transfer or termination: the day from which it holds
-- column status_since: first day of the status
-- column status_until: last day that is expected of it
-- column doubt: what could not be read, field by field; null when all could
select null::varchar as source, null::varchar as stream, null::varchar as worker_id, null::varchar as record_id,
       null::varchar as display_name, null::varchar as email, null::varchar as department, null::varchar as title,
       null::varchar as location, null::varchar as manager_id, null::varchar as old_department, null::varchar as old_title,
       null::varchar as worker_type, null::varchar as status, null::varchar as kind, null::date as hire_date,
       null::date as termination_date, null::date as contract_end, null::date as effective, null::date as first_day,
       null::date as last_day, null::date as status_since, null::date as status_until, null::varchar as doubt
where false
