-- idle: how long a held entitlement has lain idle, and how likely it is to be used again within the horizon.
-- grain: identity_key, entitlement_key
-- column identity_key: numbers the identities in the order of identity_id, entitlement_key likewise
-- column signal: per_use, or via_app where the use of the opened apps stands for it
-- column active_days: days with a success; for via_app of the most used app
-- column last_use: last day with a success; null for never
-- column quiet_days: covered days without a success, leave taken out
-- column exposure_days: covered days since it was assigned, or since the log began
-- column recency_days: plain days since the last success, or since the log began
-- column p_use: probability of at least one use within the horizon, 0 to 1
-- column method: fitted, or prior where it, or any app that stands for it, is judged by the built-in coefficients;
--   recency where idle.method turns the model off, see marts.model_fit
-- column fit: the method, told apart by what it is worth: fitted; stretched, where it was fitted over a shorter horizon for want of
--   history and p_long stretches it; prior; or recency. They err differently
-- column horizon_days: the days ahead that p_use speaks of
-- column p_long: p_use stretched to the configured horizon at a constant hazard, 1 - (1 - p_use)^(configured / horizon)
-- column apps: apps whose use stands for it
-- column dark_apps: apps among them whose use no log shows
-- column seasonal: an app among them is in its silent season, or starting
-- column starting: the use of an app among them began together and lately, see burst in marts.season
with coef as (
    select model, map_from_entries(list((feature, coefficient) order by feature)) as b, any_value(method) as method
    from marts.model_fit group by model
),
horizon as (select coalesce(min(horizon_days), 90) as days from config.policy),
scored as (
    select f.identity_key, f.entitlement_key, c.method, f.holders, f.lively_holders,
           round(1 / (1 + exp(-least(30, greatest(-30, c.b['intercept'] + coalesce(c.b['x_gone'], 0) * f.x_gone
             + coalesce(c.b['x_ahead'], 0) * f.x_ahead + coalesce(c.b['x_active'], 0) * f.x_active
             + coalesce(c.b['x_quiet'], 0) * f.x_quiet + coalesce(c.b['x_pace'], 0) * f.x_pace
             + coalesce(c.b['x_late'], 0) * f.x_late + coalesce(c.b['x_share'], 0) * f.x_share
             + coalesce(c.b['x_person'], 0) * f.x_person + coalesce(c.b['x_apps'], 0) * f.x_apps)))), 6) as p_use
    from marts.idle_feature as f join coef as c on c.model = 'idle_' || f.branch
    where f.ref = 0
),
app as (
    select s.identity_key, s.entitlement_key, s.active_days, s.last_use, s.quiet_days, s.exposure_days, s.longest_gap,
           s.leave_days, s.person_quiet, p.p_use, p.method, p.holders, p.lively_holders, coalesce(c.pace_days, 0) as pace_days,
           round(case when p.method <> 'fitted' then p.p_use else 1 - pow(1 - p.p_use, greatest(1, z.days / r.horizon_days)) end, 6) as p_long,
           n.entitlement_key is not null as seasonal, coalesce(n.why = 'burst', false) as starting
    from marts.idle_state as s
    join scored as p using (identity_key, entitlement_key)
    join core.reference as r on r.source = s.source and r.ref = 0
    cross join horizon as z
    left join core.pace as c using (entitlement_key)
    left join marts.season as n on n.ref = 0 and n.entitlement_key = s.entitlement_key
    where s.ref = 0
),
opened as (
    select h.identity_key, h.entitlement_key, max(a.active_days) as active_days, max(a.last_use) as last_use,
           min(a.quiet_days) as quiet_days, max(a.exposure_days) as exposure_days, max(a.longest_gap) as longest_gap,
           max(a.leave_days) as leave_days, min(a.person_quiet) as person_quiet, max(a.p_use) as p_use, max(a.p_long) as p_long, max(a.method) as method,
           max(a.holders) as holders, max(a.lively_holders) as lively_holders, max(a.pace_days) as pace_days, coalesce(bool_or(a.seasonal), false) as seasonal,
           coalesce(bool_or(a.starting), false) as starting,
           count(*)::integer as apps, (count(*) filter (a.identity_key is null or not e.observed))::integer as dark_apps
    from core.holding as h
    join core.entitlement_opens as o using (entitlement_id)
    join core.entitlement as e on e.entitlement_id = o.opens_id
    left join app as a on a.identity_key = h.identity_key and a.entitlement_key = e.entitlement_key
    where e.kind <> 'app_role'
    group by h.identity_key, h.entitlement_key
),
every as (
    select *, 'per_use' as signal, 1 as apps, 0 as dark_apps from app
    union all by name
    select o.*, 'via_app' as signal from opened as o anti join app as a using (identity_key, entitlement_key)
)
select i.identity_id, n.entitlement_id, v.*,
       case when v.method = 'fitted' and r.horizon_days < z.days then 'stretched' else v.method end as fit,
       case when v.method <> 'fitted' then z.days else r.horizon_days end as horizon_days, r.covered_days, r.log_start,
       r.newest as log_end, (r.day - coalesce(v.last_use, r.log_start))::integer as recency_days
from every as v
join core.identity as i using (identity_key)
join core.entitlement as n using (entitlement_key)
join core.reference as r on r.source = n.source and r.ref = 0
cross join horizon as z
order by v.identity_key, v.entitlement_key
