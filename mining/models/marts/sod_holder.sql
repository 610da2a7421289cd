-- sod_holder: an identity holds something on a side of a rule of separation of duties, through whatever accounts and ways.
-- grain: rule, identity_key, side
-- column severity: low, medium or high
-- column entitlement_key: of what it holds there: what is given before what only another opens, then the lowest key
-- column named_key: of the entitlements held there that a pattern names the lowest key
-- column things: how many of them it holds
select s.rule, any_value(s.severity) as severity, h.identity_key, s.side,
       arg_min(h.entitlement_key, h.only_opened::bigint * 4294967296 + h.entitlement_key) as entitlement_key,
       min(s.named_key) as named_key, count(distinct s.named_key)::integer as things
from core.holding as h join marts.sod_side as s using (entitlement_key)
group by s.rule, h.identity_key, s.side
order by s.rule, h.identity_key, s.side
