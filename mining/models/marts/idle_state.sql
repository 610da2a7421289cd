-- idle_state: what could be known, at each reference, of the use of an app by an identity that held it. Earlier references
-- look at all of a tenant, or at every 2nd, 4th, 8th, … identity where it is so large that fewer teach as much.
-- grain: ref, identity_key, entitlement_key
-- column ref: see core.reference
-- column active_days: days with a success before the reference
-- column quiet_days: covered days without a success since the last one, leave taken out; since exposure began where there was none
-- column exposure_days: covered days since it was assigned, or since the log began
-- column longest_gap: longest pause between two uses, days
-- column person_quiet: days since the person was last seen in any log
-- column used_later: used within the horizon after the reference; null for now
with size as (
    select pow(2, greatest(0, ceil(log2(greatest(1, count(*)) / 50000))))::hugeint as every_nth
    from core.holding as h join core.entitlement as e using (entitlement_key) where e.signal = 'per_use'
),
learner as (select i.identity_key from core.identity as i cross join size as z where md5_number_lower(i.identity_id) % z.every_nth = 0),
held as (
    select r.ref, r.source, r.day as ref_day, r.horizon_days, r.log_start, h.identity_key, h.entitlement_key,
           greatest(coalesce(h.since::date, r.log_start), r.log_start) as start_day
    from core.holding as h
    join core.entitlement as e using (entitlement_key)
    join core.reference as r on r.source = e.source
    where e.signal = 'per_use' and (h.since is null or h.since < r.day)
      and (r.ref = 0 or h.identity_key in (select identity_key from learner))
),
used as (
    select h.ref, h.identity_key, h.entitlement_key, count(*) filter (u.day < h.ref_day)::integer as active_days,
           max(u.day) filter (u.day < h.ref_day) as last_use, max(u.gap) filter (u.day < h.ref_day) as longest_gap,
           bool_or(u.day >= h.ref_day and u.day < h.ref_day + h.horizon_days) as used_later
    from held as h join core.use_day as u using (identity_key, entitlement_key)
    group by all
),
spell as (
    select h.*, coalesce(u.active_days, 0) as active_days, u.last_use, coalesce(u.longest_gap, 0) as longest_gap,
           coalesce(u.used_later, false) as used_later, coalesce(u.last_use + 1, h.start_day) as quiet_from
    from held as h left join used as u using (ref, identity_key, entitlement_key)
),
away as (
    select s.ref, s.identity_key, s.entitlement_key,
           sum(greatest(0, coalesce(b2.before, 0) - coalesce(b1.before, 0)))::integer as leave_days,
           bool_or(v.last_day >= s.ref_day) as on_leave
    from spell as s join core.identity_leave as v using (identity_key)
    left join core.covered_before as b1 on b1.source = s.source and b1.day = greatest(v.first_day, s.quiet_from)
    left join core.covered_before as b2 on b2.source = s.source and b2.day = least(v.last_day + 1, s.ref_day)
    where v.first_day < s.ref_day and v.last_day >= s.quiet_from
    group by all
)
select s.ref, s.identity_key, s.entitlement_key, s.source, s.active_days, s.last_use, s.longest_gap,
       greatest(0, coalesce(c0.before, 0) - coalesce(c1.before, 0) - coalesce(a.leave_days, 0))::integer as quiet_days,
       greatest(0, coalesce(c0.before, 0) - coalesce(c2.before, 0))::integer as exposure_days,
       coalesce(a.leave_days, 0) as leave_days, coalesce(a.on_leave, false) as on_leave,
       greatest(0, s.ref_day - coalesce(p.last_seen, s.log_start) - 1)::integer as person_quiet,
       case when s.ref > 0 then s.used_later end as used_later
from spell as s
left join away as a using (ref, identity_key, entitlement_key)
left join core.identity_last_seen as p using (ref, identity_key)
left join core.covered_before as c0 on c0.source = s.source and c0.day = s.ref_day
left join core.covered_before as c1 on c1.source = s.source and c1.day = s.quiet_from
left join core.covered_before as c2 on c2.source = s.source and c2.day = s.start_day
order by s.ref, s.identity_key, s.entitlement_key
