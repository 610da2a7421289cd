-- reference: the instants at which the idle model looks: now, and earlier ones whose future is known.
-- grain: source, ref
-- column ref: 0 for now; k for k horizons ago, used to fit
-- column day: first day that is not seen from there
-- column horizon_days: the days ahead for which use is foretold: the shorter of the configured horizon and a third of the covered days
-- column covered_days: covered days before the day
-- column log_start: first covered day
-- column newest: last covered day before the as-of time
with span as (
    select source, min(day) as log_start, max(day) as newest, count(*)::integer as covered_days
    from core.covered_day where day < getvariable('as_of') group by source
),
horizon as (
    select *, greatest(1, least((select coalesce(min(horizon_days), 90) from config.policy), covered_days // 3)) as horizon_days from span
)
select h.source, k.ref, (getvariable('as_of')::date - k.ref * h.horizon_days)::date as day, h.horizon_days::integer as horizon_days,
       coalesce(b.before, 0) as covered_days, h.log_start, h.newest
from horizon as h
cross join (select unnest([0, 1, 2, 3]) as ref) as k
left join core.covered_before as b on b.source = h.source and b.day = (getvariable('as_of')::date - k.ref * h.horizon_days)::date
where k.ref = 0 or getvariable('as_of')::date - (k.ref + 1) * h.horizon_days >= h.log_start
order by h.source, k.ref
