-- everything by which somebody is known: kind, source of an account, value; own says that nobody else bears it
with known as (
    select identity_id, 'account' as kind, source, unnest([native_id, login]) as value from core.account join core.account_link using (account_id)
    union all select identity_id, 'mail', '', unnest([email, login]) from core.account join core.account_link using (account_id)
    union all select identity_id, 'number', '', employee_number from core.account join core.account_link using (account_id)
    union all select identity_id, 'mail', '', email from core.identity
    union all select identity_id, 'number', '', worker_id from core.identity
    union all select i.identity_id, 'account', w.source, w.record_id from core.identity as i join core.worker as w using (worker_id)
    union all select identity_id, 'name', '', display_name from core.account join core.account_link using (account_id)
    union all select identity_id, 'name', '', name from core.identity
),
counted as (
    select identity_id, kind, source, lower(trim(value)) as value, count(distinct identity_id) over (partition by kind, source, lower(trim(value))) as bearers
    from known where nullif(trim(value), '') is not null and (kind <> 'mail' or contains(value, '@'))
)
select distinct kind, source, value, bearers = 1 or kind = 'name' as own from counted where identity_id = ? order by all
