-- presence_day: an account was alive on a day: it signed in or used anything.
-- grain: account_id, day
select source || ':' || account as account_id, day, sum(successes)::bigint as successes
from lake.usage_day
where successes > 0 and day < getvariable('as_of')
  and (source, account) not in (select (source, native) from core.ignored_actor)
group by source, account, day
order by account_id, day
