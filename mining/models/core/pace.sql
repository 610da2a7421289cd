-- pace: the rhythm in which an entitlement is used, over the retained days.
-- grain: entitlement_key
-- column users: identities that used it at all
-- column returning: identities that used it on at least two days
-- column gap95: 95 % quantile of the days between two uses, over all uses
-- column pace_days: 90 % quantile, over the returning users, of each one's longest pause: how long a living user may be silent
-- column span_days: days between the 10 % and the 90 % quantile of all days of use: short where use comes in one season
-- column span_from: the 10 % quantile itself: before it hardly anybody used it
-- column lull_days: longest time between two days on which anybody used it
-- column last_use: the last day on which anybody used it
-- column first_days: 90 % quantile, over at least five grants that the log saw, of the days from the grant to the first use; null where fewer were used
with own as (
    select entitlement_key, identity_key, max(gap) as longest, max(day) as last_use from core.use_day group by all
),
gaps as (select entitlement_key, quantile_disc(gap, 0.95)::integer as gap95 from core.use_day where gap is not null group by all),
spread as (
    select entitlement_key, (quantile_disc(day, 0.9) - quantile_disc(day, 0.1))::integer as span_days, quantile_disc(day, 0.1)::date as span_from
    from core.use_day group by all
),
lull as (
    select entitlement_key, max(day - before)::integer as lull_days
    from (select entitlement_key, day, lag(day) over (partition by entitlement_key order by day) as before
          from (select distinct entitlement_key, day from core.use_day))
    group by all
),
first as (
    select u.entitlement_key, quantile_disc(u.day - h.since::date, 0.9)::integer as first_days
    from core.use_day as u
    join core.holding as h using (identity_key, entitlement_key)
    join (select source, min(day) as day from core.covered_day group by source) as c using (source)
    where u.gap is null and h.since >= c.day and u.day >= h.since::date
    group by u.entitlement_key having count(*) >= 5
)
select o.entitlement_key, count(*)::integer as users, count(o.longest)::integer as returning, any_value(g.gap95) as gap95,
       quantile_disc(o.longest, 0.9)::integer as pace_days, any_value(s.span_days) as span_days, any_value(s.span_from) as span_from,
       any_value(l.lull_days) as lull_days, max(o.last_use) as last_use,
       any_value(f.first_days) as first_days
from own as o
left join gaps as g using (entitlement_key)
left join spread as s using (entitlement_key)
left join lull as l using (entitlement_key)
left join first as f using (entitlement_key)
group by o.entitlement_key
order by o.entitlement_key
