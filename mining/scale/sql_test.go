package scale

// The same numbers by hand: what a person who knows DuckDB and this one company
// would write. It takes core.usage_day and core.holding of the snapshot (attached
// as s) with the small tables beside them, keeps everything in integers, looks at
// each use once for all references, counts the narrowest peer groups first and
// adds them up, and folds the shares per group and entitlement instead of per
// person. Nothing is documented, checked or sorted.
const (
	handUse = `
create temp table acc as select l.account_id, i.identity_key from s.core.account_link l join s.core.identity i using (identity_id);
create temp table ent as select entitlement_key, entitlement_id, source, kind, signal, observed, signal <> 'none' and observed as visible from s.core.entitlement;
create temp table refs as select source, max(day) filter (ref = 0) r0, max(day) filter (ref = 1) r1, max(day) filter (ref = 2) r2,
  max(day) filter (ref = 3) r3, any_value(horizon_days) h, any_value(log_start) log_start from s.core.reference group by source;
create temp table used as
with d as (
  select distinct a.identity_key, e.entitlement_key, e.source, u.day from s.core.usage_day u
  join acc a using (account_id) join ent e on e.entitlement_id = u.entitlement_id where u.successes > 0),
g as (select *, (day - lag(day) over (partition by identity_key, entitlement_key order by day))::integer as gap from d)
select identity_key, entitlement_key, min(day) d0, count(*)::integer a0, max(day) l0, max(gap) g0,
  (count(*) filter (day < r1))::integer a1, max(day) filter (day < r1) l1, max(gap) filter (day < r1) g1, bool_or(day >= r1 and day < r1 + h) f1,
  (count(*) filter (day < r2))::integer a2, max(day) filter (day < r2) l2, max(gap) filter (day < r2) g2, bool_or(day >= r2 and day < r2 + h) f2,
  (count(*) filter (day < r3))::integer a3, max(day) filter (day < r3) l3, max(gap) filter (day < r3) g3, bool_or(day >= r3 and day < r3 + h) f3
from g join refs using (source) group by all;
create temp table pace as
with first as (
  select entitlement_key, quantile_disc(d0 - h.since::date, 0.9)::integer as first_days from used join s.core.holding h using (identity_key, entitlement_key)
  join (select source, min(day) as day from s.core.covered_day group by source) c using (source)
  where h.since >= c.day and d0 >= h.since::date group by entitlement_key having count(*) >= 5),
own as (select entitlement_key, coalesce(quantile_disc(g0, 0.9), 0)::integer as pace_days from used group by all)
select o.*, coalesce(f.first_days, greatest((select coalesce(median(first_days), 60) from first), o.pace_days)) as first_days from own o left join first f using (entitlement_key);`

	handIdle = `
create temp table held as
with size as (select pow(2, greatest(0, ceil(log2(greatest(1, count(*)) / 50000))))::hugeint as nth from s.core.holding join ent using (entitlement_key) where signal = 'per_use')
select h.identity_key, h.entitlement_key, h.source, h.since, r.* exclude (source), u.* exclude (identity_key, entitlement_key), l.identity_key is not null as learner
from s.core.holding h join ent e using (entitlement_key) join refs r on r.source = h.source
left join (select identity_key from s.core.identity, size where md5_number_lower(identity_id) % nth = 0) l using (identity_key)
left join used u using (identity_key, entitlement_key) where e.signal = 'per_use';
create temp table share as
with depth as (select source, before, min(day) as day from s.core.covered_before group by all),
span as (
  select e.entitlement_key, r.ref, d.day - 1 as f from ent e join s.core.reference r using (source) left join pace p using (entitlement_key)
  left join s.core.covered_before b on b.source = e.source and b.day = r.day
  join depth d on d.source = e.source and d.before = greatest(0, coalesce(b.before, 0) - greatest(r.horizon_days, coalesce(p.pace_days, 0)))),
wide as (select entitlement_key, max(f) filter (ref = 0) s0, max(f) filter (ref = 1) s1, max(f) filter (ref = 2) s2, max(f) filter (ref = 3) s3 from span group by all),
counted as (
  select entitlement_key, [count(*) filter (since is null or since < r0), count(*) filter (since is null or since < r1), count(*) filter (since is null or since < r2),
      count(*) filter (since is null or since < r3)]::integer[] as n,
    [count(*) filter ((since is null or since < r0) and l0 >= s0), count(*) filter ((since is null or since < r1) and l1 >= s1),
      count(*) filter ((since is null or since < r2) and l2 >= s2), count(*) filter ((since is null or since < r3) and l3 >= s3)]::integer[] as lively
  from held join wide using (entitlement_key) group by all)
select entitlement_key, unnest([0, 1, 2, 3]) as ref, unnest(n) as holders, unnest(lively) as lively_holders from counted;
create temp table state as
with look as (
  select 0 as ref, identity_key, entitlement_key, source, since, log_start, h, r0 as ref_day, a0 as a, l0 as l, g0 as g, null::boolean as later from held where since is null or since < r0
  union all select 1, identity_key, entitlement_key, source, since, log_start, h, r1, a1, l1, g1, coalesce(f1, false) from held where learner and r1 is not null and (since is null or since < r1)
  union all select 2, identity_key, entitlement_key, source, since, log_start, h, r2, a2, l2, g2, coalesce(f2, false) from held where learner and r2 is not null and (since is null or since < r2)
  union all select 3, identity_key, entitlement_key, source, since, log_start, h, r3, a3, l3, g3, coalesce(f3, false) from held where learner and r3 is not null and (since is null or since < r3)),
spell as (
  select ref, identity_key, entitlement_key, source, ref_day, h, coalesce(a, 0) as active_days, l as last_use, coalesce(g, 0) as longest_gap, later,
    greatest(coalesce(since::date, log_start), log_start) as start_day, coalesce(l + 1, greatest(coalesce(since::date, log_start), log_start)) as quiet_from,
    log_start from look),
away as (
  select s.ref, s.identity_key, s.entitlement_key, sum(greatest(0, coalesce(b2.before, 0) - coalesce(b1.before, 0)))::integer as leave_days,
    bool_or(v.last_day >= s.ref_day) as on_leave
  from spell s join s.core.identity_leave v using (identity_key)
  left join s.core.covered_before b1 on b1.source = s.source and b1.day = greatest(v.first_day, s.quiet_from)
  left join s.core.covered_before b2 on b2.source = s.source and b2.day = least(v.last_day + 1, s.ref_day)
  where v.first_day < s.ref_day and v.last_day >= s.quiet_from group by all)
select s.ref, s.identity_key, s.entitlement_key, s.h, s.active_days, s.last_use, s.longest_gap, s.later, s.source,
  greatest(0, coalesce(c0.before, 0) - coalesce(c1.before, 0) - coalesce(a.leave_days, 0))::integer as quiet_days,
  greatest(0, coalesce(c0.before, 0) - coalesce(c2.before, 0))::integer as exposure_days,
  coalesce(a.leave_days, 0) as leave_days, coalesce(a.on_leave, false) as on_leave,
  greatest(0, s.ref_day - coalesce(p.last_seen, s.log_start) - 1)::integer as person_quiet, coalesce(c.pace_days, 0) as pace_days,
  greatest(14, coalesce(c.first_days, (select coalesce(median(first_days), 60) from s.core.pace))) as first_days
from spell s left join away a using (ref, identity_key, entitlement_key)
left join s.core.identity_last_seen p on p.ref = s.ref and p.identity_key = s.identity_key
left join s.core.covered_before c0 on c0.source = s.source and c0.day = s.ref_day
left join s.core.covered_before c1 on c1.source = s.source and c1.day = s.quiet_from
left join s.core.covered_before c2 on c2.source = s.source and c2.day = s.start_day
left join pace c on c.entitlement_key = s.entitlement_key;
create temp table feature as
with person as (select ref, identity_key, count(*) filter (active_days > 0) as apps from state group by all),
ripe as (
  select s.*, greatest(0, exposure_days - quiet_days - leave_days) as awake, active_days + 0.7 as shape, active_days > 0 as was_used, h.holders, h.lively_holders,
    p.apps - (active_days > 0)::integer as other_apps, greatest(3, pace_days) as pace from state s join share h using (ref, entitlement_key) join person p using (ref, identity_key))
select *, round(if(was_used, least(11, greatest(0, ln(1 + 0.15 * exp(least(30, shape * ln(1 + quiet_days / (awake + 10))))) - 1)), 0), 2) as x_gone,
  round(if(was_used, least(9, ln(exp(least(30, shape * ln(1 + 90 / (awake + quiet_days + 10)))) - 1)), 0), 2) as x_ahead,
  round(ln(1 + active_days), 2) as x_active, round(ln(1 + quiet_days), 2) as x_quiet, round(if(was_used, ln(1 + quiet_days / pace), 0), 2) as x_pace,
  round(if(was_used, 0, least(8, quiet_days / first_days)), 2) as x_late, round((lively_holders + 0.5) / (holders + 1), 2) as x_share,
  round(ln(1 + person_quiet), 2) as x_person, round(ln(1 + other_apps), 2) as x_apps from ripe;
create temp table bins as
select was_used, x_gone, x_ahead, x_active, x_quiet, x_pace, x_late, x_share, x_person, x_apps, count(*) as n, count(*) filter (later) as used
from feature f join s.core.identity i using (identity_key) anti join s.marts.season o on o.ref = f.ref and o.entitlement_key = f.entitlement_key
where f.ref > 0 and not on_leave and i.kind = 'person' and exposure_days > 0 and (i.left_on is null or i.left_on >= (select max(r0) from refs)) group by all;
create temp table idle_app as
with coef as (select model, map_from_entries(list((feature, coefficient) order by feature)) as b from s.marts.model_fit group by model)
select f.*, round(1 / (1 + exp(-least(30, greatest(-30, c.b['intercept'] + coalesce(c.b['x_gone'], 0) * f.x_gone + coalesce(c.b['x_ahead'], 0) * f.x_ahead
  + coalesce(c.b['x_active'], 0) * f.x_active + coalesce(c.b['x_quiet'], 0) * f.x_quiet + coalesce(c.b['x_pace'], 0) * f.x_pace + coalesce(c.b['x_late'], 0) * f.x_late
  + coalesce(c.b['x_share'], 0) * f.x_share + coalesce(c.b['x_person'], 0) * f.x_person + coalesce(c.b['x_apps'], 0) * f.x_apps)))), 6) as p_use
from feature f join coef c on c.model = if(f.was_used, 'idle_used', 'idle_never') where f.ref = 0;
create temp table idle as
select identity_key, entitlement_key, active_days, last_use, quiet_days, exposure_days, longest_gap, p_use, holders, lively_holders, pace_days, h, 0 as dark_apps from idle_app
union all
select h.identity_key, h.entitlement_key, max(a.active_days), max(a.last_use), min(a.quiet_days), max(a.exposure_days), max(a.longest_gap), max(a.p_use),
  max(a.holders), max(a.lively_holders), max(a.pace_days), max(r.h), count(*) filter (a.identity_key is null or not e.observed)
from s.core.holding h join refs r using (source) join s.core.entitlement_opens o using (entitlement_id) join ent e on e.entitlement_id = o.opens_id
left join idle_app a on a.identity_key = h.identity_key and a.entitlement_key = e.entitlement_key
where e.kind <> 'app_role' and h.entitlement_key not in (select entitlement_key from ent where signal = 'per_use') group by all;`
)
