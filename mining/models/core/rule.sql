-- rule: an automatic rule that puts accounts into an entitlement.
-- grain: rule_id, entitlement_id
-- column expression: the rule's text in the platform's own language
-- column status: active, inactive or invalid
select rule_id, entitlement_id, source, name, expression, status, owner, excluded
from staging.rule
where rule_id is not null and entitlement_id is not null
qualify row_number() over (partition by rule_id, entitlement_id order by status, name nulls last) = 1
order by rule_id, entitlement_id
