-- presence_day: an account was alive on a day: it signed in or used anything.
-- grain: account_key, day
-- column account_key: of core.account, in the order of account_id
with who as (
    select u.account_no, a.account_key
    from lake.usage_account as u join core.account as a on a.account_id = u.source || ':' || u.account
    where (u.source, u.account) not in (select (source, native) from core.ignored_actor)
),
summed as (
    select w.account_key, u.day, sum(u.successes)::bigint as successes
    from lake.usage_day as u join who as w using (account_no)
    where u.successes > 0 and u.day < getvariable('as_of')
    group by w.account_key, u.day
)
select a.account_id, s.account_key, s.day, s.successes
from summed as s join core.account as a using (account_key)
order by s.account_key, s.day
