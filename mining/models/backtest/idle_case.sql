-- idle_case: a held pair of the cut whose use a log shows, and whether it was used within the horizon.
-- grain: identity_key, entitlement_key
-- column branch: used, or never for what was not used once
-- column fit: as in marts.idle
-- column p_use: the product's probability of use within the configured horizon, rounded to 0.001
-- column recency_days: days since the last use, or since the log began
-- column spoken: nothing would have kept the product from a verdict on it: no leave, grace, season, protection, unknown year
-- column used: used within the horizon after the cut; who lost the access or left in that time is left out
with leaving as (select distinct identity_key from core.identity_leave where last_day >= getvariable('as_of')::date)
select i.identity_key, n.entitlement_key, n.source, n.name as entitlement_name, i.department, d.signal,
       case when d.active_days > 0 then 'used' else 'never' end as branch,
       d.fit, round(d.p_long, 3) as p_use, d.recency_days, u.identity_key is not null as used,
       d.dark_apps = 0 and not d.seasonal and l.identity_key is null and i.protected_by is null and i.employment <> 'leave'
         and not unaccounted(i.employment, d.person_quiet, (select count(*) from core.worker))
         and grace_of(h.since, i.hire_date, m.effective, c.grant_grace_days, c.hire_grace_days, c.change_grace_days) is null
         and not coalesce(unknown_year(d.quiet_days, d.longest_gap, d.pace_days, a.months) or d.active_days = 0 and slow_tool(d.exposure_days, d.pace_days), false) as spoken
from marts.idle as d
join core.holding as h using (identity_key, entitlement_key)
join core.identity as i using (identity_key)
join core.entitlement as n using (entitlement_key)
join backtest.judgeable as j on j.source = n.source and j.judged
cross join config.policy as c
left join core.move as m using (identity_key)
left join leaving as l using (identity_key)
left join marts.source_age as a on a.source = n.source
left join backtest.used as u using (identity_key, entitlement_key)
left join backtest.departure as e using (identity_key)
left join backtest.removed as r using (identity_key, entitlement_key)
where d.p_long is not null and n.observed and n.signal <> 'none' and i.kind = 'person'
  and not coalesce(e.left_at < getvariable('as_of') + to_days(getvariable('judged_days')), false)
  and not coalesce(r.ended < getvariable('as_of') + to_days(getvariable('judged_days')), false)
order by i.identity_key, n.entitlement_key
