-- account: a login in one source, in any status.
-- grain: account_id
-- column source: name of the source in the configuration
-- column account_id: source, a colon, native_id
-- column native_id: the platform's immutable id
-- column login: user name or UPN as served
-- column email: primary mail address as served
-- column display_name: as served; strangers can write it
-- column kind: user, guest, service or shared, as far as the platform says; null when it does not
-- column status: staged, active, suspended or deprovisioned
-- column employee_number: HR key, when the platform carries it
-- column department: as served
-- column title: as served
-- column location: as served
-- column manager: native id, login or employee number of the manager, as served
-- column created_at: UTC
-- column disabled_at: UTC, when the account left the status active for good, if known
-- column last_seen_at: UTC, last sign-in known to the platform (a success where the platform can tell)
-- column attributes: further attributes as a JSON object
select null::varchar as source, null::varchar as account_id, null::varchar as native_id, null::varchar as login,
       null::varchar as email, null::varchar as display_name, null::varchar as kind, null::varchar as status,
       null::varchar as employee_number, null::varchar as department, null::varchar as title,
       null::varchar as location, null::varchar as manager, null::timestamp as created_at,
       null::timestamp as disabled_at, null::timestamp as last_seen_at, null::json as attributes
where false
