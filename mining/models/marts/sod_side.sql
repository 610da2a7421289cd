-- sod_side: the entitlements on either side of a rule of separation of duties, and what gives them: holding any of these counts.
-- grain: rule, side, entitlement_key
-- column rule: its name in the configuration
-- column severity: low, medium or high
-- column side: left or right
-- column named_key: the entitlement that a pattern names: itself, or what it opens or is nested in; the lowest key of several
with named as (
    select distinct c.rule, c.severity, c.side, e.entitlement_key, e.entitlement_id
    from config.sod as c
    join core.entitlement as e on lower(e.name) glob replace(lower(c.pattern), '[', '[[]')
      or lower(e.native_id) glob replace(lower(c.pattern), '[', '[[]') or lower(e.entitlement_id) glob replace(lower(c.pattern), '[', '[[]')
),
giver as (
    select rule, severity, side, entitlement_key, entitlement_key as named_key from named
    union
    select n.rule, n.severity, n.side, g.entitlement_key, n.entitlement_key
    from named as n join core.entitlement_opens as o on o.opens_id = n.entitlement_id join core.entitlement as g on g.entitlement_id = o.entitlement_id
    union
    select n.rule, n.severity, n.side, g.entitlement_key, n.entitlement_key
    from named as n join core.nesting as o on o.ancestor_id = n.entitlement_id join core.entitlement as g on g.entitlement_id = o.child_id
)
select rule, any_value(severity) as severity, side, entitlement_key, min(named_key) as named_key
from giver group by rule, side, entitlement_key
order by rule, side, entitlement_key
