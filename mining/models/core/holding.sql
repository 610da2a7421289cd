-- holding: an identity holds an entitlement through at least one account that is not deprovisioned.
-- grain: identity_id, entitlement_id
-- column account_id: the account that holds it, the one with the most direct path first
-- column paths: number of ways in which it is held
-- column removable: a direct or nested assignment exists that can be taken away for this person alone
-- column by_rule: an automatic rule or a package gives it
-- column only_opened: held only because a held group or role opens it
-- column since: UTC; null when any path is older than anything known
-- column path_list: every path as kind and what gives it
with ranked as (
    select l.identity_id, a.entitlement_id, a.account_id, a.path_kind, a.via_id, a.native_ref, a.since, a.eligible,
           case a.path_kind when 'direct' then 1 when 'rule' then 2 when 'package' then 3 when 'nested' then 4 else 5 end as rank
    from core.assignment as a
    join core.account as c using (account_id)
    join core.account_link as l using (account_id)
    where c.present and c.status <> 'deprovisioned'
)
select r.identity_id, r.entitlement_id, i.identity_key, e.entitlement_key, e.source,
       min(r.account_id order by r.rank, r.account_id) as account_id, count(*) as paths, count(distinct r.account_id) as accounts,
       bool_or(r.path_kind = 'direct') as removable, bool_or(r.path_kind in ('rule', 'package')) as by_rule,
       bool_or(r.path_kind = 'nested') as by_nesting, bool_and(r.path_kind = 'group') as only_opened,
       bool_and(r.eligible) as eligible,
       case when bool_and(r.since is not null) then min(r.since) end as since,
       list({'kind': r.path_kind, 'via': r.via_id, 'ref': r.native_ref} order by r.rank, r.via_id)[:8] as path_list
from ranked as r
join core.identity as i using (identity_id)
join core.entitlement as e using (entitlement_id)
group by r.identity_id, r.entitlement_id, i.identity_key, e.entitlement_key, e.source
order by r.identity_id, r.entitlement_id
