-- removal: how likely what a person holds of their own is to be withdrawn within the next 180 days while the person stays.
-- What only nesting or an opening gives has no row: it goes when its giver goes.
-- grain: identity_key, entitlement_key
-- column p_removed: 1 / (1 + exp(-(b0 + sum b z))), z the inputs in standard deviations from today's mean, 0 where not known; 0 to 1
-- column horizon_days: 180
-- column method: fitted or prior, see marts.removal_fit
-- column place: share of the tenant's pairs that are less likely to be withdrawn, 0 to 1; ties share the lower place
-- column x_support: see marts.removal_feature for this and the other inputs
-- check probability: select * from marts.removal where p_removed is null or p_removed not between 0 and 1
with coef as (
    select map_from_entries(list((feature, coefficient) order by feature)) as b, any_value(method) as method from marts.removal_fit where model = 'now'
),
scored as (
    select f.* exclude (ref, removed), c.method,
           round(1 / (1 + exp(-least(30, greatest(-30, c.b['intercept']
             + c.b['x_support'] * coalesce((f.x_support - s.m_support) / nullif(s.s_support, 0), 0)
             + c.b['x_lost'] * coalesce((f.x_lost - s.m_lost) / nullif(s.s_lost, 0), 0)
             + c.b['x_alone'] * coalesce((f.x_alone - s.m_alone) / nullif(s.s_alone, 0), 0)
             + c.b['x_churn'] * coalesce((f.x_churn - s.m_churn) / nullif(s.s_churn, 0), 0)
             + c.b['x_term'] * coalesce((f.x_term - s.m_term) / nullif(s.s_term, 0), 0)
             + c.b['x_family'] * coalesce((f.x_family - s.m_family) / nullif(s.s_family, 0), 0)
             + c.b['x_holdings'] * coalesce((f.x_holdings - s.m_holdings) / nullif(s.s_holdings, 0), 0)
             + c.b['x_changed'] * coalesce((f.x_changed - s.m_changed) / nullif(s.s_changed, 0), 0)
             + c.b['x_loss'] * coalesce((f.x_loss - s.m_loss) / nullif(s.s_loss, 0), 0)
             + c.b['x_unseen'] * coalesce((f.x_unseen - s.m_unseen) / nullif(s.s_unseen, 0), 0))))), 6) as p_removed
    from marts.removal_feature as f join marts.removal_scale as s using (ref) cross join coef as c
    where f.ref = 0 and c.b is not null
),
placed as (
    select p_removed, round((sum(count(*)) over (order by p_removed rows between unbounded preceding and 1 preceding)) / sum(count(*)) over (), 4) as place
    from scored group by p_removed
)
select s.identity_key, s.entitlement_key, s.p_removed, 180 as horizon_days, s.method, coalesce(p.place, 0)::double as place,
       s.x_support, s.x_lost, s.x_alone, s.x_churn, s.x_term, s.x_family, s.x_holdings, s.x_changed, s.x_loss, s.x_unseen
from scored as s
join placed as p using (p_removed)
semi join core.holding as h on h.identity_key = s.identity_key and h.entitlement_key = s.entitlement_key
order by s.identity_key, s.entitlement_key
