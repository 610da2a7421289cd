-- question: the pairs of which a rule of marts.verdict may have something to say; evidence is gathered for these alone. Of all
--   others core.holding, marts.idle and marts.peer_view say what is known.
-- grain: identity_key, entitlement_key
-- column held: the identity holds it; false when only its peers suggest it
with own as (select identity_key, entitlement_key from core.holding where not only_opened),
asked as (
    select o.* from own as o join core.identity as i using (identity_key) where i.employment in ('terminated', 'contract_ended')
      or i.contract_end >= getvariable('as_of')::date and i.contract_end < getvariable('as_of')::date + (select coalesce(max(contract_end_days), 0) from config.policy)
    union
    select o.* from own as o join marts.idle as d using (identity_key, entitlement_key) where 1 - d.p_long >= 0.8
    union
    select o.* from own as o join core.move as m using (identity_key) join marts.peer_view as w using (identity_key, entitlement_key)
    where w.share < 0.25
)
select identity_key, entitlement_key, true as held from asked
union all
select identity_key, entitlement_key, false from marts.peer_view where not held and coalesce(use_share, share) >= 0.6
order by identity_key, entitlement_key
