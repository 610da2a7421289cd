-- removed: what was taken, after the cut, from a person who held it then and had other access thirty days later.
-- grain: identity_key, entitlement_key
-- column ended: UTC
-- column upheaval: it ended at an instant at which fifty or more pairs changed
-- column stayed: the person had access thirty days later; null when that lies ahead
with over as (
    select s.identity_key, s.entitlement_key, e.source, s.ended
    from backtest.spell as s join core.entitlement as e using (entitlement_key)
    where s.ended > getvariable('as_of') and coalesce(s.began < getvariable('as_of'), true)
),
stayed as (
    select distinct o.identity_key, o.entitlement_key
    from over as o join backtest.spell as s using (identity_key)
    where coalesce(s.began <= o.ended + interval 30 days, true) and coalesce(s.ended > o.ended + interval 30 days, true)
)
select o.identity_key, o.entitlement_key, o.ended, u.instant is not null as upheaval,
       case when o.ended + interval 30 days <= getvariable('judged_as_of')
            then y.identity_key is not null and coalesce(d.left_at > o.ended + interval 30 days, true) end as stayed
from over as o
left join stayed as y using (identity_key, entitlement_key)
left join backtest.upheaval as u on u.source = o.source and u.instant = o.ended
left join backtest.departure as d using (identity_key)
qualify row_number() over (partition by o.identity_key, o.entitlement_key order by o.ended) = 1
order by o.identity_key, o.entitlement_key
