-- needed: what a person of the cut, who already held something, was given within the horizon, one by one and by hand.
-- grain: identity_key, entitlement_key
with new as (
    select s.identity_key, s.entitlement_key, min(s.began) as began
    from backtest.spell as s
    join core.entitlement as e using (entitlement_key)
    left join backtest.upheaval as u on u.source = e.source and u.instant = s.began
    where s.began >= getvariable('as_of') and s.began < getvariable('as_of') + to_days(getvariable('judged_days'))
      and s.by_hand and u.instant is null
    group by all
),
chosen as ( -- at most 2,000 persons, always the same
    select identity_key from (select distinct identity_key from new semi join backtest.held using (identity_key)) join core.identity using (identity_key)
    order by sha256(identity_id) limit 2000
)
select n.identity_key, n.entitlement_key, n.began
from new as n semi join chosen using (identity_key)
anti join core.holding as h on h.identity_key = n.identity_key and h.entitlement_key = n.entitlement_key
order by n.identity_key, n.entitlement_key
