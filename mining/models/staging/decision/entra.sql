-- decision_entra: what reviewers of access reviews decided about a group, an application or a directory role. What nobody
-- answered, or did not know, is no decision, whatever the review did in the end.
select source, source || ':' || id as decision_id, decided_at as "at", source || ':' || principal_id as account_id,
       source || ':' || resource_id as entitlement_id, lower(decision) as decision, reviewer_id as reviewer, review_id as review, reason,
       case when applied in ('AppliedSuccessfully', 'AppliedSuccessfullyButObjectNotFound') then 'done' when applied = 'AppliedWithUnknownFailure' then 'failed'
            when applied = 'ApplyNotSupported' then 'by_hand' when applied = 'New' then 'open' end as remediation
from landed.entra_access_review_decisions
where lower(decision) in ('approve', 'deny') and principal_id is not null and resource_id is not null
qualify row_number() over (partition by source, id order by decided_at desc nulls last, decision) = 1
