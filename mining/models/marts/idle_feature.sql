-- idle_feature: the inputs of the idle model, transformed, rounded and bounded.
-- grain: ref, identity_key, entitlement_key
-- column branch: used, or never for what was not used once
-- column x_gone: how strongly the silence speaks for the end of the use: ln(1 + odds) - 1, at least 0, at most 11, where the odds
--   0.15 (1 + quiet / (a + 10))^(n + 0.7) are those of a gamma-Poisson user of n days of use within a days (Schmittlein, Morrison and
--   Colombo 1987, with one death rate for all); 0 for never
-- column x_ahead: log odds that such a user, if alive, uses it within the configured horizon H: ln((1 + H / (exposure + 10))^(n + 0.7) - 1), at most 9
-- column x_active: ln(1 + active days)
-- column x_quiet: ln(1 + quiet days)
-- column x_pace: ln(1 + quiet days over how long a living user of this app may be silent)
-- column x_late: for never: quiet days over the time in which most first uses of a grant come, at most 8; where too few grants
--   were seen, the longer of the app's pace and the other apps' time to first use
-- column x_share: share of the holders who used it lately, 0 to 1, see marts.idle_share
-- column x_person: ln(1 + days since the person was last seen anywhere)
-- column x_apps: ln(1 + other apps that the person held and used)
with usual as (select coalesce(median(first_days), 60) as first_days from core.pace),
horizon as (select coalesce(min(horizon_days), 90) as days from config.policy),
person as (select ref, identity_key, count(*) filter (active_days > 0) as apps from marts.idle_state group by all),
ripe as (
    select s.*, greatest(0, s.exposure_days - s.quiet_days - s.leave_days) as awake_days, s.active_days + 0.7 as shape,
           h.holders, h.lively_holders, p.apps - (s.active_days > 0)::integer as other_apps,
           greatest(3, coalesce(c.pace_days, 0)) as pace_days, greatest(14, coalesce(c.first_days, greatest(u.first_days, coalesce(c.pace_days, 0)))) as first_days
    from marts.idle_state as s
    join marts.idle_share as h using (ref, entitlement_key)
    join person as p using (ref, identity_key)
    left join core.pace as c using (entitlement_key)
    cross join usual as u
)
select r.ref, r.identity_key, r.entitlement_key, r.source, case when r.active_days > 0 then 'used' else 'never' end as branch,
       round(case when r.active_days > 0 then least(11, greatest(0, ln(1 + 0.15 * exp(least(30, r.shape * ln(1 + r.quiet_days / (r.awake_days + 10))))) - 1)) else 0 end, 2) as x_gone,
       round(case when r.active_days > 0 then least(9, ln(exp(least(30, r.shape * ln(1 + z.days / (r.awake_days + r.quiet_days + 10)))) - 1)) else 0 end, 2) as x_ahead,
       round(ln(1 + r.active_days), 2) as x_active, round(ln(1 + r.quiet_days), 2) as x_quiet,
       round(case when r.active_days > 0 then ln(1 + r.quiet_days / r.pace_days) else 0 end, 2) as x_pace,
       round(case when r.active_days > 0 then 0 else least(8, r.quiet_days / r.first_days) end, 2) as x_late,
       round((r.lively_holders + 0.5) / (r.holders + 1), 2) as x_share, round(ln(1 + r.person_quiet), 2) as x_person,
       round(ln(1 + r.other_apps), 2) as x_apps, r.holders, r.lively_holders, r.used_later
from ripe as r cross join horizon as z
order by r.ref, r.identity_key, r.entitlement_key
