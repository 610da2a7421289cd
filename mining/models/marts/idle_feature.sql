-- idle_feature: the inputs of the idle model, transformed, rounded and bounded.
-- grain: ref, identity_key, entitlement_key
-- column branch: used, or never for what was not used once
-- column x_active: ln(1 + active days)
-- column x_quiet: ln(1 + quiet days)
-- column x_exposure: ln(1 + exposure days)
-- column x_pace: quiet days over how long a living user of this app may be silent, at most 5
-- column x_own: quiet days over the person's own longest pause with this app, at most 5
-- column x_rate: active days over exposure days, 0 to 1
-- column x_share: share of the holders who used it within the last horizon or pace, 0 to 1
-- column x_person: ln(1 + days since the person was last seen anywhere)
with state as (
    select s.*, coalesce(p.pace_days, 0) as pace_days,
           s.active_days > 0 and s.quiet_days <= greatest(r.horizon_days, coalesce(p.pace_days, 0)) as lively
    from marts.idle_state as s
    join core.reference as r on r.source = s.source and r.ref = s.ref
    left join core.pace as p using (entitlement_key)
),
share as (
    select ref, entitlement_key, count(*)::integer as holders, (count(*) filter (lively))::integer as lively_holders
    from state group by all
)
select s.ref, s.identity_key, s.entitlement_key, s.source, case when s.active_days > 0 then 'used' else 'never' end as branch,
       round(ln(1 + s.active_days), 2) as x_active, round(ln(1 + s.quiet_days), 2) as x_quiet,
       round(ln(1 + s.exposure_days), 2) as x_exposure, round(least(5, s.quiet_days / greatest(s.pace_days, 3)), 2) as x_pace,
       round(least(5, s.quiet_days / greatest(s.longest_gap, 3)), 2) as x_own,
       round(least(1, s.active_days / greatest(s.exposure_days, 1)), 2) as x_rate,
       round((h.lively_holders + 0.5) / (h.holders + 1), 2) as x_share, round(ln(1 + s.person_quiet), 2) as x_person,
       h.holders, h.lively_holders, s.used_later
from state as s join share as h using (ref, entitlement_key)
order by s.ref, s.identity_key, s.entitlement_key
