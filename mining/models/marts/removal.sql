-- removal: how likely what a person holds of their own is to be withdrawn within the next 180 days while the person stays.
-- What only nesting or an opening gives has no row: it goes when its giver goes.
-- grain: identity_key, entitlement_key
-- column p_removed: 1 / (1 + exp(-(b0 + sum b z))), z the inputs in standard deviations from today's mean, 0 where not known; 0 to 1
-- column horizon_days: 180
-- column method: fitted or prior, see marts.removal_fit
-- column x_support: see marts.removal_feature for this and the other inputs
-- check probability: select * from marts.removal where p_removed is null or p_removed not between 0 and 1
with coef as (
    select map_from_entries(list((feature, coefficient) order by feature)) as b, any_value(method) as method from marts.removal_fit where model = 'now'
),
weight as ( -- a coefficient by unit of its input: 0 where all are alike
    select c.method, c.b['intercept'] as b0, coalesce(c.b['x_support'] / nullif(s.s_support, 0), 0) as support, coalesce(c.b['x_lost'] / nullif(s.s_lost, 0), 0) as lost,
           coalesce(c.b['x_alone'] / nullif(s.s_alone, 0), 0) as alone, coalesce(c.b['x_churn'] / nullif(s.s_churn, 0), 0) as churn,
           coalesce(c.b['x_term'] / nullif(s.s_term, 0), 0) as term, coalesce(c.b['x_family'] / nullif(s.s_family, 0), 0) as family,
           coalesce(c.b['x_holdings'] / nullif(s.s_holdings, 0), 0) as holdings, coalesce(c.b['x_changed'] / nullif(s.s_changed, 0), 0) as changed,
           coalesce(c.b['x_loss'] / nullif(s.s_loss, 0), 0) as loss, coalesce(c.b['x_unseen'] / nullif(s.s_unseen, 0), 0) as unseen, s.*
    from coef as c cross join marts.removal_scale as s where s.ref = 0 and c.b is not null
),
thing as (
    select t.entitlement_key, t.reach, h.x_churn, h.x_term, h.x_family, w.method, w.support, w.m_support, w.lost, w.m_lost, w.alone, w.m_alone,
           w.b0 + w.churn * (h.x_churn - w.m_churn) + w.term * (h.x_term - w.m_term) + w.family * (h.x_family - w.m_family) as eta
    from marts.removal_target as t join marts.removal_churn as h using (ref, entitlement_key) cross join weight as w where t.ref = 0
),
person as (
    select n.identity_key, n.x_holdings, n.x_changed, n.x_loss, n.x_unseen, w.holdings * (n.x_holdings - w.m_holdings)
             + w.changed * (n.x_changed - w.m_changed) + w.loss * (n.x_loss - w.m_loss) + w.unseen * (n.x_unseen - w.m_unseen) as eta
    from marts.removal_person as n cross join weight as w where n.ref = 0
)
select h.identity_key, h.entitlement_key,
       round(1 / (1 + exp(-least(30, greatest(-30, t.eta + n.eta + coalesce(t.support * (round(c.alike, 3) - t.m_support), 0)
         + coalesce(t.lost * (round(ln(c.lost_share), 2) - t.m_lost), 0) + t.alone * ((t.reach and c.ref is null)::integer - t.m_alone))))), 6) as p_removed,
       180 as horizon_days, t.method, round(c.alike, 3) as x_support, round(ln(c.lost_share), 2) as x_lost, (t.reach and c.ref is null)::integer as x_alone,
       t.x_churn, t.x_term, t.x_family, n.x_holdings, n.x_changed, n.x_loss, n.x_unseen
from core.holding as h
join thing as t using (entitlement_key)
join person as n using (identity_key)
left join (select * from marts.removal_support where ref = 0) as c on c.identity_key = h.identity_key and c.entitlement_key = h.entitlement_key
where h.removable or h.by_rule
order by h.identity_key, h.entitlement_key
