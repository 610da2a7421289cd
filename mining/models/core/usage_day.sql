-- usage_day: an account used an entitlement on a day, as the logs tell. What an ignored client did, by itself or in a
-- person's name, is no use.
-- grain: account_key, entitlement_key, day
-- column account_key: of core.account, in the order of account_id; entitlement_key of core.entitlement likewise
-- column day: UTC
-- column successes: uses that succeeded
-- column failures: attempts that failed; they are no use
-- column interactive: successes with a person present
with who as (
    select u.account_no, a.account_key
    from lake.usage_account as u join core.account as a on a.account_id = u.source || ':' || u.account
    where (u.source, u.account) not in (select (source, native) from core.ignored_actor)
),
thing as (
    select u.entitlement_no, e.entitlement_key, g.native is not null as ignored
    from lake.usage_entitlement as u
    join core.use_alias as a on a.source = u.source and a.native = u.entitlement
    join core.entitlement as e using (entitlement_id)
    left join core.ignored_actor as g on g.source = u.source and g.native = u.entitlement
),
summed as (
    select w.account_key, t.entitlement_key, u.day, sum(u.successes)::bigint as successes, sum(u.failures)::bigint as failures,
           sum(u.interactive)::bigint as interactive
    from lake.usage_day as u join who as w using (account_no) join thing as t using (entitlement_no)
    where u.day < getvariable('as_of') and (u.interactive > 0 or not t.ignored)
    group by w.account_key, t.entitlement_key, u.day
)
select a.account_id, e.entitlement_id, s.account_key, s.entitlement_key, s.day, s.successes, s.failures, s.interactive
from summed as s
join core.account as a using (account_key)
join core.entitlement as e using (entitlement_key)
order by s.account_key, s.entitlement_key, s.day
