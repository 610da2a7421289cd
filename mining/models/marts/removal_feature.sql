-- removal_feature: the inputs of the removal model at each reference, transformed and rounded.
-- grain: ref, identity_key, entitlement_key
-- column removed: see marts.removal_pair
-- column x_support: mean cosine, by people, with the person's other holdings, the person left out, 0 to 1; null where the
--   person holds nothing to compare by, or the entitlement is a birthright
-- column x_lost: ln of the share of those who hold what the person holds, that lost it and stayed; null likewise
-- column x_alone: 1 where the person holds nothing to compare by
-- column x_churn: ln(churn), see marts.removal_churn
-- column x_term: ln(30 + term_days)
-- column x_family: family_ended
-- column x_holdings: ln(holdings)
-- column x_changed: ln(1 + changed_days)
-- column x_loss: ln(loss_rate)
-- column x_unseen: 1 where no log shows the person
with total as (
    select ref, (count(*) filter (not held) + 0.5) / (count(*) + 10) as rate from marts.removal_pair group by ref
),
compared as (
    select p.ref, p.identity_key, p.entitlement_key, sum(c.weight) as weight,
           sum(round(c.weight * coalesce((o.together - 1) / sqrt(greatest(1, e.holders - 1) * greatest(1, c.holders - 1)), 0), 6)::decimal(18, 6)) as alike,
           sum(round(c.weight * coalesce(o.lost, 0), 4)::decimal(18, 4)) as lost,
           sum(round(c.weight * coalesce(o.lost + greatest(0, o.together - 1), 0), 4)::decimal(18, 4)) as known
    from marts.removal_pair as p
    join marts.removal_target as t on t.ref = p.ref and t.entitlement_key = p.entitlement_key and t.reach
    join marts.removal_entitlement as e on e.ref = p.ref and e.entitlement_key = p.entitlement_key
    join marts.removal_context as c on c.ref = p.ref and c.identity_key = p.identity_key and c.entitlement_key <> p.entitlement_key
    left join marts.removal_overlap as o on o.ref = p.ref and o.entitlement_key = p.entitlement_key and o.other_key = c.entitlement_key
    where p.held
    group by p.ref, p.identity_key, p.entitlement_key
)
select p.ref, p.identity_key, p.entitlement_key, p.removed, round(c.alike::double / c.weight::double, 3) as x_support,
       round(ln((c.lost::double + a.rate) / (c.known::double + 1)), 2) as x_lost, (t.reach and c.ref is null)::integer as x_alone,
       round(ln(h.churn), 2) as x_churn, round(ln(30 + e.term_days), 2) as x_term, round(e.family_ended, 2) as x_family,
       round(ln(n.holdings), 2) as x_holdings, round(ln(1 + n.changed_days), 2) as x_changed, round(ln(n.loss_rate), 2) as x_loss,
       n.unseen::integer as x_unseen
from marts.removal_pair as p
join marts.removal_target as t using (ref, entitlement_key)
join marts.removal_entitlement as e using (ref, entitlement_key)
join marts.removal_churn as h using (ref, entitlement_key)
join marts.removal_person as n using (ref, identity_key)
join total as a using (ref)
left join compared as c using (ref, identity_key, entitlement_key)
where p.held
order by p.ref, p.identity_key, p.entitlement_key
