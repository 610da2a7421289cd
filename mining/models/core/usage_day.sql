-- usage_day: an account used an entitlement on a day, as the logs tell.
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
group by u.source, u.account, s.entitlement_id, u.day
order by account_id, entitlement_id, day
