-- account_link: which identity an account belongs to, and by which rule it was linked.
-- grain: account_id
-- column identity_id: hr:<employee number>, or the weakest key that is left: mail:, login: or account:
-- column rule: employee_number, email, login (all against HR), shared_number, shared_email, alone
-- column ambiguous: a key matched several workers, so that it was not used
with mail as (
    select email, min(worker_id) as worker_id, count(*) as n from core.worker where email is not null group by email
),
a as (
    select account_id, kind, employee_number, lower(nullif(trim(email), '')) as email, lower(nullif(trim(login), '')) as login
    from core.account
),
matched as (
    select a.*, w.worker_id as by_number, case when m.n = 1 then m.worker_id end as by_mail,
           case when l.n = 1 then l.worker_id end as by_login, coalesce(m.n > 1, false) or coalesce(l.n > 1, false) as ambiguous
    from a
    left join core.worker as w on w.worker_id = a.employee_number
    left join mail as m on m.email = a.email
    left join mail as l on l.email = a.login
)
select account_id,
       case when kind in ('service', 'shared') then 'account:' || account_id
            when coalesce(by_number, by_mail, by_login) is not null then 'hr:' || coalesce(by_number, by_mail, by_login)
            when employee_number is not null then 'number:' || employee_number
            when email is not null then 'mail:' || email
            else 'account:' || account_id end as identity_id,
       case when kind in ('service', 'shared') then 'alone'
            when by_number is not null then 'employee_number'
            when by_mail is not null then 'email'
            when by_login is not null then 'login'
            when employee_number is not null then 'shared_number'
            when email is not null then 'shared_email' else 'alone' end as rule,
       ambiguous and by_number is null as ambiguous
from matched
order by account_id
