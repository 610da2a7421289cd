-- risk: how much is to be won by taking away what is held: the doubt that it is needed, times what it can do.
-- grain: identity_key, entitlement_key
-- column doubt: 1 - p_long (1 - p_removed) where the log shows its use, p_removed where it does not: the probability that it is
--   not used within the configured horizon, or withdrawn anyway; an unknown p_removed counts as 0; 0 to 1
-- column basis: use (a log shows it), removal (none does) or none
-- column impact: 1 + 4 if privileged + 3, 2 or 1 for a held conflict of high, medium or low severity + least(1, monthly cost / 100).
--   The weights are a convention, not a measurement
-- column weight: doubt times impact; a reviewer's lines are chosen by it
-- column saving: doubt times monthly cost: what is saved a month, in expectation, in the currency of the configuration
-- check weight: select * from marts.risk where weight is null or weight < 0 or doubt not between 0 and 1
with toxic as (
    select c.identity_key, s.entitlement_key, max(case c.severity when 'high' then 3 when 'medium' then 2 else 1 end) as points
    from marts.sod_conflict as c join marts.sod_side as s using (rule) where c.status = 'held' group by all
),
doubted as (
    select h.identity_key, h.entitlement_key, e.privileged, e.monthly_cost, d.p_long, r.p_removed, coalesce(t.points, 0) as points,
           d.p_long is not null and d.dark_apps = 0 as visible
    from core.holding as h
    join core.entitlement as e using (entitlement_key)
    left join marts.idle as d on d.identity_id = h.identity_id and d.entitlement_id = h.entitlement_id
    left join marts.removal as r on r.identity_key = h.identity_key and r.entitlement_key = h.entitlement_key
    left join toxic as t on t.identity_key = h.identity_key and t.entitlement_key = h.entitlement_key
),
weighed as (
    select *, case when visible then round(1 - p_long * (1 - coalesce(p_removed, 0)), 6) else coalesce(p_removed, 0) end as doubt,
           case when visible then 'use' when p_removed is not null then 'removal' else 'none' end as basis,
           1 + 4 * privileged::integer + points + least(1, coalesce(monthly_cost, 0)::double / 100) as impact
    from doubted
)
select identity_key, entitlement_key, doubt, basis, privileged, points > 0 as conflict, p_long, p_removed, monthly_cost, round(impact, 4) as impact,
       round(doubt * impact, 6) as weight, round(doubt * coalesce(monthly_cost, 0)::double, 2)::decimal(18, 2) as saving
from weighed
order by identity_key, entitlement_key
