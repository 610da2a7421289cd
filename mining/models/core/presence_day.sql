-- presence_day: an account was alive on a day: it signed in or used anything.
-- grain: account_id, day
with actor as ( -- ids as short numbers in the order of their texts
    select source, account, source || ':' || account as account_id, row_number() over (order by source || ':' || account) as account_no
    from (select distinct source, account from lake.usage_day where account is not null)
    where (source, account) not in (select (source, native) from core.ignored_actor)
),
summed as (
    select a.account_no, u.day, sum(u.successes)::bigint as successes
    from lake.usage_day as u join actor as a on a.source = u.source and a.account = u.account
    where u.successes > 0 and u.day < getvariable('as_of')
    group by a.account_no, u.day
)
select a.account_id, s.day, s.successes
from summed as s join actor as a using (account_no)
order by s.account_no, s.day
