-- idle_case: a held pair of the cut whose use a log shows, and whether it was used within the horizon.
-- grain: identity_key, entitlement_key
-- column branch: used, or never for what was not used once
-- column fit: fitted on the tenant's own history; stretched: the same over a shorter horizon, for want of history, and then
--   stretched to this one; or prior: built in. They err differently
-- column p_use: the product's probability of use within the configured horizon, rounded to 0.001
-- column recency_days: days since the last use, or since the log began
-- column spoken: nothing would have kept the product from a verdict on it: no leave, grace, season, protection, unknown year
-- column used: used within the horizon after the cut; who lost the access or left in that time is left out
select i.identity_key, n.entitlement_key, n.source, n.name as entitlement_name, i.department, e.signal,
       case when e.active_days > 0 then 'used' else 'never' end as branch, case when e.idle_method = 'fitted' and e.horizon_days < getvariable('judged_days') then 'stretched' else e.idle_method end as fit, round(e.p_long, 3) as p_use,
       e.recency_days, u.identity_key is not null as used,
       e.dark_apps = 0 and not e.seasonal and e.leave_since is null and e.grace is null and e.protected_by is null
         and e.employment <> 'leave' and not coalesce((e.pace_days > 45 or e.longest_gap > 45) and e.months < 13 and e.quiet_days < 200, false) as spoken
from marts.evidence as e
join core.identity as i using (identity_id)
join core.entitlement as n using (entitlement_id)
join backtest.judgeable as j on j.source = n.source and j.judged
left join backtest.used as u using (identity_key, entitlement_key)
left join backtest.departure as d using (identity_key)
left join backtest.removed as r using (identity_key, entitlement_key)
where e.held and e.p_long is not null and e.observed and e.signal <> 'none' and i.kind = 'person'
  and not coalesce(d.left_at < getvariable('as_of') + to_days(getvariable('judged_days')), false)
  and not coalesce(r.ended < getvariable('as_of') + to_days(getvariable('judged_days')), false)
order by i.identity_key, n.entitlement_key
