-- decision: what reviewers had decided by the cut.
-- grain: decision_id
select source, decision_id, decided_at as "at", account_id, entitlement_id, decision, reviewer, review, reason, remediation
from present.core.decision
where decided_at < getvariable('as_of')
