-- removal_feature: the inputs of the removal model at each reference, of the pairs that serve to fit it and to scale its inputs.
-- grain: ref, identity_key, entitlement_key
-- column removed: see marts.removal_pair; null for now
-- column x_support: alike, see marts.removal_support; null where the person holds nothing to compare by, or the entitlement is a birthright
-- column x_lost: ln(lost_share); null likewise
-- column x_alone: 1 where the person holds nothing to compare by
-- column x_churn: see marts.removal_churn for this, x_term and x_family
-- column x_holdings: see marts.removal_person for this, x_changed, x_loss and x_unseen
select t.ref, s.identity_key, s.entitlement_key, p.removed, round(c.alike, 3) as x_support, case when c.lost_share is not null then round(ln(c.lost_share), 2) end as x_lost,
       (t.reach and c.ref is null)::integer as x_alone, h.x_churn, h.x_term, h.x_family, n.x_holdings, n.x_changed, n.x_loss, n.x_unseen
from marts.removal_spell as s
join marts.removal_target as t on t.entitlement_key = s.entitlement_key and t.sampled
join marts.removal_churn as h on h.ref = t.ref and h.entitlement_key = t.entitlement_key
join marts.removal_person as n on n.ref = t.ref and n.identity_key = s.identity_key
left join marts.removal_support as c on c.ref = t.ref and c.identity_key = s.identity_key and c.entitlement_key = s.entitlement_key
left join marts.removal_pair as p on p.ref = t.ref and p.identity_key = s.identity_key and p.entitlement_key = s.entitlement_key
where (s.from_at is null or s.from_at <= t."at") and (s.to_at is null or s.to_at > t."at")
order by t.ref, s.identity_key, s.entitlement_key
