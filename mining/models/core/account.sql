-- account: a login in one source, in any status, also what only the log still names.
-- grain: account_id
-- column account_key: dense number of the account in this snapshot, for joins
-- column kind: user, guest, service or shared, as far as the platform says
-- column status: staged, active, suspended or deprovisioned; absent when only the log names it
-- column present: the platform's inventory lists it today
-- column created_at: UTC
-- column last_seen_at: UTC, last sign-in known to the platform
-- column manager: native id, login or employee number of the manager, as served
with listed as (
    select *, true as present from staging.account where account_id is not null
    qualify row_number() over (partition by account_id order by status, login nulls last, email nulls last) = 1
),
named as (
    select source, source || ':' || account as account_id from lake.change where account is not null
    union select source, source || ':' || account from lake.usage_account
    union select source, account_id from staging.assignment_edge where account_id is not null
),
every as (
    select * from listed
    union all by name
    select source, account_id, account_id[length(source) + 2:] as native_id, 'absent' as status, false as present
    from named where account_id not in (select account_id from listed)
)
select row_number() over (order by account_id)::integer as account_key, source, account_id, native_id, login, email,
       display_name, coalesce(kind, 'user') as kind, coalesce(status, 'active') as status,
       nullif(trim(employee_number), '') as employee_number, nullif(trim(department), '') as department,
       nullif(trim(title), '') as title, nullif(trim(location), '') as location, nullif(trim(manager), '') as manager,
       created_at, disabled_at, last_seen_at, present, attributes
from every
order by account_id
