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
way as (
    select n.identity_key, e.entitlement_key, n.account_key, a.path_kind as kind, a.via_id as via, a.native_ref as ref, a.since, a.eligible,
           case a.path_kind when 'direct' then 1 when 'rule' then 2 when 'package' then 3 when 'nested' then 4 else 5 end as rank
    from core.assignment as a
    join named as n using (account_id)
    join core.entitlement as e using (entitlement_id)
),
merged as ( -- rank and account in one number: its least is the account with the most direct path
    select identity_key, entitlement_key, min(rank::bigint << 32 | account_key) as least, count(*) as paths,
           bool_or(rank in (2, 3)) as by_rule, bool_or(rank = 4) as by_nesting, bool_and(eligible) as eligible,
           case when count(since) = count(*) then min(since) end as since, any_value(kind) as kind, any_value(via) as via, any_value(ref) as ref
    from way group by identity_key, entitlement_key
),
several as ( -- most are held by one path only, which needs no gathering
    select identity_key, entitlement_key, list({'kind': kind, 'via': via, 'ref': ref} order by rank, via, kind, ref)[:8] as path_list,
           count(distinct account_key) as accounts
    from way semi join (from merged where paths > 1) using (identity_key, entitlement_key)
    group by identity_key, entitlement_key
)
select i.identity_id, e.entitlement_id, m.identity_key, m.entitlement_key, e.source, c.account_id, m.paths, coalesce(s.accounts, 1) as accounts,
       m.least >> 32 = 1 as removable, m.by_rule, m.by_nesting, m.least >> 32 = 5 as only_opened, m.eligible, m.since, coalesce(s.path_list, [{'kind': m.kind, 'via': m.via, 'ref': m.ref}]) as path_list
from merged as m
left join several as s using (identity_key, entitlement_key)
join core.identity as i using (identity_key)
join core.entitlement as e using (entitlement_key)
join core.account as c on c.account_key = m.least & 4294967295
order by m.identity_key, m.entitlement_key
