-- account: the accounts of the cut: those that the history knows then, and those that held something.
-- grain: account_id
-- column manager: null: whom today's manager managed then is not known
with stood as (
    select account_id, status, department, title, location from present.core.account_history
    where (valid_from is null or valid_from < getvariable('as_of')) and (valid_to is null or valid_to >= getvariable('as_of'))
    qualify row_number() over (partition by account_id order by spell desc) = 1
),
holding as (select distinct account_id from staging.assignment_edge)
select a.source, a.account_id, a.native_id, a.login, a.email, a.display_name, a.kind,
       case when t.status is null or t.status = 'absent' then 'active' else t.status end as status, a.employee_number,
       t.department, t.title, t.location, null::varchar as manager,
       case when a.created_at < getvariable('as_of') then a.created_at end as created_at,
       case when a.disabled_at < getvariable('as_of') then a.disabled_at end as disabled_at,
       null::timestamp as last_seen_at, a.attributes
from present.core.account as a
left join stood as t using (account_id)
where a.account_id in (select account_id from holding)
   or (t.account_id is not null and t.status <> 'absent' and (a.created_at is null or a.created_at < getvariable('as_of')))
