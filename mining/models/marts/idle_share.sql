-- idle_share: how many of an app's holders used it, at each reference, in as much time as a living user may be silent.
-- grain: ref, entitlement_key
-- column holders: identities that hold it now and held it then
-- column lively_holders: holders among them with a success in the last covered days: as many as the horizon, or as the app's pace if longer
with depth as (select source, before, min(day) as day from core.covered_before group by all),
holder as (
    select r.ref, r.source, h.entitlement_key, any_value(r.day) as ref_day, count(*)::integer as holders,
           any_value(coalesce(b.before, 0) - greatest(r.horizon_days, coalesce(p.pace_days, 0))) as before
    from core.holding as h
    join core.entitlement as e using (entitlement_key)
    join core.reference as r on r.source = e.source
    left join core.pace as p using (entitlement_key)
    left join core.covered_before as b on b.source = r.source and b.day = r.day
    where e.signal = 'per_use' and (h.since is null or h.since < r.day)
    group by r.ref, r.source, h.entitlement_key
),
spell as (select o.*, d.day - 1 as from_day from holder as o join depth as d on d.source = o.source and d.before = greatest(0, o.before)),
used as (
    select distinct o.ref, u.entitlement_key, u.identity_key, o.ref_day
    from spell as o join core.use_day as u on u.entitlement_key = o.entitlement_key and u.day >= o.from_day and u.day < o.ref_day
),
lively as (
    select u.ref, u.entitlement_key, count(*)::integer as lively_holders
    from used as u join core.holding as h using (identity_key, entitlement_key)
    where h.since is null or h.since < u.ref_day
    group by u.ref, u.entitlement_key
)
select o.ref, o.entitlement_key, o.holders, coalesce(l.lively_holders, 0) as lively_holders
from holder as o left join lively as l using (ref, entitlement_key)
order by o.ref, o.entitlement_key
