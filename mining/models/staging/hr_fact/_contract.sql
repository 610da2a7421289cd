-- hr_fact: a row of HR with the ids that it speaks of read: whose it is, and whom it means by the manager.
-- column worker_id: employee number; where HR gave none its record id, with record: before it where another worker's
-- number is the same; null when the record is nobody's that HR lists
-- column manager_id: worker_id of the manager; as told where that is nobody's that HR lists
-- column status: pending, active, leave or terminated; null where HR's word says none of them
select null::varchar as source, null::varchar as stream, null::varchar as worker_id, null::varchar as record_id,
       null::varchar as display_name, null::varchar as email, null::varchar as department, null::varchar as title,
       null::varchar as location, null::varchar as manager_id, null::varchar as old_department, null::varchar as old_title,
       null::varchar as worker_type, null::varchar as status, null::varchar as told_status, null::varchar as kind,
       null::date as hire_date, null::date as termination_date, null::date as contract_end, null::date as effective,
       null::date as first_day, null::date as last_day, null::date as status_since, null::date as status_until,
       null::varchar as doubt
where false
