-- usage_day: an account used an entitlement on a day, as the logs tell. What an ignored client did, by itself or in a
-- person's name, is no use.
-- grain: account_id, entitlement_id, day
-- column day: UTC
-- column successes: uses that succeeded
-- column failures: attempts that failed; they are no use
-- column interactive: successes with a person present
select u.source || ':' || u.account as account_id, s.entitlement_id, u.day, sum(u.successes)::bigint as successes,
       sum(u.failures)::bigint as failures, sum(u.interactive)::bigint as interactive
from lake.usage_day as u
join core.use_alias as s on s.source = u.source and s.native = u.entitlement
where u.entitlement <> '' and u.day < getvariable('as_of')
  and (u.source, u.account) not in (select (source, native) from core.ignored_actor)
  and (u.interactive > 0 or (u.source, u.entitlement) not in (select (source, native) from core.ignored_actor))
group by u.source, u.account, s.entitlement_id, u.day
order by account_id, entitlement_id, day
