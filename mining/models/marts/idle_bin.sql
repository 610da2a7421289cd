-- idle_bin: the idle model's training set: how often pairs with the same inputs were used again within the horizon. Apps in
-- their silent season are left out, as their holders are never accused; so is what was in grace and not used yet: in the first weeks
-- first uses come at a rate of their own, and nothing is said of them.
-- grain: branch, x_gone, x_ahead, x_active, x_quiet, x_pace, x_late, x_share, x_person, x_apps
-- column n: pairs
-- column used: pairs that were used within the horizon
select f.branch, f.x_gone, f.x_ahead, f.x_active, f.x_quiet, f.x_pace, f.x_late, f.x_share, f.x_person, f.x_apps,
       count(*)::integer as n, (count(*) filter (f.used_later))::integer as used
from marts.idle_feature as f
join marts.idle_state as s using (ref, identity_key, entitlement_key)
join core.identity as i using (identity_key)
join core.holding as h using (identity_key, entitlement_key)
join core.reference as r on r.source = s.source and r.ref = f.ref
cross join config.policy as c
anti join marts.season as o on o.ref = f.ref and o.entitlement_key = f.entitlement_key
where f.ref > 0 and not s.on_leave and i.kind = 'person' and s.exposure_days > 0
  and (i.left_on is null or i.left_on >= getvariable('as_of')::date)
  and not coalesce(f.branch = 'never' and (h.since >= r.day - c.grant_grace_days or i.hire_date >= r.day - c.hire_grace_days), false)
group by all
order by all
