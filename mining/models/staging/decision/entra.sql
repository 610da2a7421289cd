-- decision_entra: what reviewers of access reviews decided about a group, an application or a directory role. What nobody
-- answered, or did not know, is no decision, whatever the review did in the end. An application is answered for with all roles in it
-- that its user was given directly before: Graph has no question about a single one.
with answered as (
    select * from landed.entra_access_review_decisions
    where lower(decision) in ('approve', 'deny') and principal_id is not null and resource_id is not null
    qualify row_number() over (partition by source, id order by decided_at desc nulls last, decision) = 1
),
role as (
    select source, resource_id, principal_id, role_id, min(created_at) as created_at
    from landed.entra_app_role_assignments where role_id is not null and principal_type = 'user' group by all
)
select a.source, a.source || ':' || concat_ws('/', a.id, r.role_id) as decision_id, a.decided_at as "at", a.source || ':' || a.principal_id as account_id,
       a.source || ':' || concat_ws('/', a.resource_id, r.role_id) as entitlement_id, lower(a.decision) as decision, a.reviewer_id as reviewer,
       a.review_id as review, a.reason,
       case when a.applied in ('AppliedSuccessfully', 'AppliedSuccessfullyButObjectNotFound') then 'done' when a.applied = 'AppliedWithUnknownFailure' then 'failed'
            when a.applied = 'ApplyNotSupported' then 'by_hand' when a.applied = 'New' then 'open' end as remediation
from answered as a
left join role as r on r.source = a.source and r.resource_id = a.resource_id and r.principal_id = a.principal_id
  and coalesce(r.created_at <= a.decided_at, true)
