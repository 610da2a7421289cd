-- decision: what reviewers decided about assignments, beside what was recommended when they did.
-- grain: decision_id
-- column decided_at: UTC
-- column decision: approve or deny
-- column review: native id of what asked for it: a campaign, a review, a ticket; null when unknown
-- column reason: what the reviewer wrote, as served; strangers can write it
-- column remediation: what became of it where the platform carries decisions out: done, open, failed or by_hand; null where it does not
-- column recommendation_id: the recommendation that stood firm at the decision; null when none did, or it is not known
-- column advised: its action; advised_basis, advised_fit, advised_confidence and advised_score (before calibration) likewise: what was held at the time
with once as (
    select * from staging.decision where decision_id is not null
    qualify row_number() over (partition by decision_id order by "at" desc nulls last, decision) = 1
),
stood as (
    select o.decision_id, max_by(a, a.first_as_of) as a
    from once as o join core.account_link as l using (account_id)
    join lake.last_advice as a on a.identity_id = l.identity_id and a.entitlement_id = o.entitlement_id
    where a.first_as_of <= o."at" and coalesce(a.ended_as_of > o."at", true)
    group by o.decision_id
)
select o.decision_id, o.source, o."at" as decided_at, o.account_id, o.entitlement_id, o.decision, o.reviewer, o.review, o.reason, o.remediation,
       s.a.recommendation_id as recommendation_id, s.a.action as advised, s.a.basis as advised_basis, s.a.fit as advised_fit, s.a.confidence as advised_confidence,
       s.a.raw_score as advised_score
from once as o left join stood as s using (decision_id)
order by o.decision_id
