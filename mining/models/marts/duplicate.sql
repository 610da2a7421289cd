-- duplicate: an account holds an entitlement twice: given directly, and in another way that stays. The direct assignment could go
-- without a loss of access. Where two entitlements give each other, only one of the two is named, so that never both go.
-- grain: account_id, entitlement_id
-- column native_ref: the platform's id of the direct assignment
-- column kept_kind: the way that stays: rule, package, nested or group
-- column kept_via: what gives it
-- column kept_ways: how many other ways stay
-- column monthly_cost: of the entitlement; nothing is saved, for the access stays
with derived as (select * from core.assignment where path_kind <> 'direct'),
direct as (
    select account_id, entitlement_id, source, min(native_ref) as native_ref, bool_and(eligible) as eligible, max(coalesce(until, 'infinity'::timestamp)) as until
    from core.assignment semi join derived using (account_id, entitlement_id) where path_kind = 'direct' group by all
),
other as (
    select o.account_id, o.entitlement_id, o.path_kind, o.via_id, d.source, d.native_ref
    from derived as o join direct as d using (account_id, entitlement_id)
    where (d.eligible or not coalesce(o.eligible, false)) and coalesce(o.until, 'infinity'::timestamp) >= d.until
),
mutual as (
    select n.child_id, n.ancestor_id from core.nesting as n join core.nesting as m on m.child_id = n.ancestor_id and m.ancestor_id = n.child_id
    union
    select o.entitlement_id, o.opens_id from core.entitlement_opens as o join core.entitlement_opens as p on p.entitlement_id = o.opens_id and p.opens_id = o.entitlement_id
),
safe as (
    select o.* from other as o left join mutual as m on m.child_id = o.via_id and m.ancestor_id = o.entitlement_id
    where m.child_id is null or o.entitlement_id > o.via_id
)
select i.identity_key, e.entitlement_key, s.account_id, s.entitlement_id, s.source, min(s.native_ref) as native_ref,
       arg_min(s.path_kind, s.path_kind || chr(0) || s.via_id) as kept_kind, arg_min(s.via_id, s.path_kind || chr(0) || s.via_id) as kept_via,
       count(*)::integer as kept_ways, any_value(e.monthly_cost) as monthly_cost
from safe as s
join core.account as a using (account_id)
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join core.entitlement as e using (entitlement_id)
where a.present and a.status <> 'deprovisioned'
group by i.identity_key, e.entitlement_key, s.account_id, s.entitlement_id, s.source
order by s.account_id, s.entitlement_id
