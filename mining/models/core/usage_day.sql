-- usage_day: an account used an entitlement on a day, as the logs tell. What an ignored client did, by itself or in a
-- person's name, is no use.
-- grain: account_id, entitlement_id, day
-- column day: UTC
-- column successes: uses that succeeded
-- column failures: attempts that failed; they are no use
-- column interactive: successes with a person present
with actor as ( -- ids as short numbers in the order of their texts: texts would be hashed and sorted for every row
    select source, account, source || ':' || account as account_id, row_number() over (order by source || ':' || account) as account_no
    from (select distinct source, account from lake.usage_day where entitlement <> '')
    where (source, account) not in (select (source, native) from core.ignored_actor)
),
thing as (
    select a.source, a.native, a.entitlement_id, dense_rank() over (order by a.entitlement_id) as thing_no, g.native is not null as ignored
    from core.use_alias as a left join core.ignored_actor as g on g.source = a.source and g.native = a.native
),
summed as (
    select a.account_no, t.thing_no, u.day, sum(u.successes)::bigint as successes, sum(u.failures)::bigint as failures,
           sum(u.interactive)::bigint as interactive
    from lake.usage_day as u
    join actor as a on a.source = u.source and a.account = u.account
    join thing as t on t.source = u.source and t.native = u.entitlement
    where u.entitlement <> '' and u.day < getvariable('as_of') and (u.interactive > 0 or not t.ignored)
    group by a.account_no, t.thing_no, u.day
)
select a.account_id, t.entitlement_id, s.day, s.successes, s.failures, s.interactive
from summed as s
join actor as a using (account_no)
join (select distinct thing_no, entitlement_id from thing) as t using (thing_no)
order by s.account_no, s.thing_no, s.day
