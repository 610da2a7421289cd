-- decision_file: what reviewers decided, by files. A row that stands twice is one decision.
select source, source || ':' || id as decision_id, min("at") as "at", source || ':' || account_id as account_id,
       source || ':' || entitlement_id as entitlement_id, decision, reviewer, review, reason, null::varchar as remediation
from landed.file_decisions
group by all
