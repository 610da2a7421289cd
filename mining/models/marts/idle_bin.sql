-- idle_bin: the idle model's training set: how often pairs with the same inputs were used again within the horizon.
-- grain: branch, x_active, x_quiet, x_exposure, x_pace, x_own, x_rate, x_share, x_person
-- column n: pairs
-- column used: pairs that were used within the horizon
select f.branch, f.x_active, f.x_quiet, f.x_exposure, f.x_pace, f.x_own, f.x_rate, f.x_share, f.x_person,
       count(*)::integer as n, (count(*) filter (f.used_later))::integer as used
from marts.idle_feature as f
join marts.idle_state as s using (ref, identity_key, entitlement_key)
join core.identity as i using (identity_key)
where f.ref > 0 and not s.on_leave and i.kind = 'person' and s.exposure_days > 0
  and (i.left_on is null or i.left_on >= getvariable('as_of')::date)
group by all
order by all
