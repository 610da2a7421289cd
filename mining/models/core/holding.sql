-- holding: an identity holds an entitlement through at least one account that is not deprovisioned.
-- grain: identity_id, entitlement_id
-- column account_id: the account that holds it, the one with the most direct path first
-- column paths: number of ways in which it is held
-- column removable: a direct or nested assignment exists that can be taken away for this person alone
-- column by_rule: an automatic rule or a package gives it
-- column only_opened: held only because a held group or role opens it
-- column since: UTC; null when any path is older than anything known
-- column path_list: every path as kind and what gives it
with named as (
    select c.account_key, c.account_id, i.identity_key
    from core.account as c
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    where c.present and c.status <> 'deprovisioned'
),
ranked as (
    select n.identity_key, e.entitlement_key, n.account_key, a.path_kind, a.via_id, a.native_ref, a.since, a.eligible, n.account_id,
           case a.path_kind when 'direct' then 1 when 'rule' then 2 when 'package' then 3 when 'nested' then 4 else 5 end as rank
    from core.assignment as a
    join named as n using (account_id)
    join core.entitlement as e using (entitlement_id)
),
merged as (
    select identity_key, entitlement_key, min(rank || account_id)[2:] as account_id, count(*) as paths,
           min(account_key) as one, max(account_key) as other, list(account_key) as keys,
           min(rank) as first, bool_or(rank in (2, 3)) as by_rule, bool_or(rank = 4) as by_nesting, bool_and(eligible) as eligible,
           case when count(since) = count(*) then min(since) end as since,
           list({'rank': rank, 'via': via_id, 'kind': path_kind, 'ref': native_ref}) as ways
    from ranked group by identity_key, entitlement_key
),
short as (
    select *, case when paths = 1 then ways else list_sort(ways)[:8] end as way_list from merged
)
select i.identity_id, e.entitlement_id, m.identity_key, m.entitlement_key, e.source, m.account_id, m.paths,
       case when m.one = m.other then 1 else list_unique(m.keys)::bigint end as accounts, m.first = 1 as removable, m.by_rule, m.by_nesting,
       m.first = 5 as only_opened, m.eligible, m.since,
       list_transform(m.way_list, lambda w: {'kind': w.kind, 'via': w.via, 'ref': w.ref}) as path_list
from short as m
join core.identity as i using (identity_key)
join core.entitlement as e using (entitlement_key)
order by m.identity_key, m.entitlement_key
