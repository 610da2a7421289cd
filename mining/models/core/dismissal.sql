-- dismissal: a person has decided on a pair within the last 90 days: what says the opposite is not advised again for so long,
-- unless the evidence is another.
-- grain: identity_id, entitlement_id
-- column action: what is not to be advised: revoke of what was approved, grant of what was denied
-- column decided_on: UTC day of the last decision on the pair
-- column until: last day of the dismissal
-- column basis: on which the advice rested that stood at the decision; null when it is not known. Advice on another basis is other evidence
-- column decision_id: the decision
-- column owner: the reviewer who decided, as served; null when nobody is named
-- column reason: what that reviewer wrote, as served; null for nothing
with owned as (
    select l.identity_id, d.entitlement_id, d.decision, d.decided_at, d.decision_id, d.advised_basis, d.reviewer, d.reason
    from core.decision as d join core.account_link as l using (account_id)
    where d.decided_at >= getvariable('as_of') - interval 90 day and d.decided_at < getvariable('as_of')
    qualify row_number() over (partition by l.identity_id, d.entitlement_id order by d.decided_at desc, d.decision desc, d.decision_id) = 1
)
select o.identity_id, o.entitlement_id, if(o.decision = 'approve', 'revoke', 'grant') as action, o.decided_at::date as decided_on,
       o.decided_at::date + 90 as until, o.advised_basis as basis, o.decision_id, o.reviewer as owner, o.reason
from owned as o
order by o.identity_id, o.entitlement_id
