-- decision: what reviewers decided about assignments.
-- grain: decision_id
-- column decided_at: UTC
-- column decision: approve or deny
select decision_id, source, "at" as decided_at, account_id, entitlement_id, decision, reviewer
from staging.decision
where decision_id is not null
qualify row_number() over (partition by decision_id order by "at" desc nulls last, decision) = 1
order by decision_id
