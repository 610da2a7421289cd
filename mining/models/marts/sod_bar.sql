-- sod_bar: a suggested entitlement that would give an identity both sides of a rule of separation of duties: no grant of it is advised.
-- grain: identity_key, entitlement_key
-- column rule: the most severe rule, then the first by name
-- column severity: low, medium or high
-- column other_key: the entitlement on the other side
-- column other_held: false when the other side is itself only suggested; then both are barred, for neither is the innocent one
with barred as (
    select identity_key, if(left_things = 0, left_key, right_key) as entitlement_key, if(left_things = 0, right_key, left_key) as other_key,
           true as other_held, rule, severity
    from marts.sod_conflict where status = 'grant'
    union all
    select identity_key, left_key, right_key, false, rule, severity from marts.sod_conflict where status = 'grants'
    union all
    select identity_key, right_key, left_key, false, rule, severity from marts.sod_conflict where status = 'grants' and left_key <> right_key
)
select identity_key, entitlement_key, other_key, other_held, rule, severity
from barred
qualify row_number() over (partition by identity_key, entitlement_key
    order by list_position(['high', 'medium', 'low'], severity), rule, other_held desc, other_key) = 1
order by identity_key, entitlement_key
