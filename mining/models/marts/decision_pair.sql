-- decision_pair: a decision, by the keys of person and entitlement, and what was advised when it was made.
-- grain: decision_id
-- column reviewer: as served; empty when nobody is named
-- column held_in: the source of the entitlement
-- column advised: the action that stood advised at the decision; null when none did. Known from the nights on which winnow ran
-- column basis: of that advice; fit and raw_score likewise, see core.decision
select d.decision_id, d.source, coalesce(d.reviewer, '') as reviewer, d.decided_at, d.decided_at::date as day, d.decision, d.account_id,
       i.identity_id, i.identity_key, e.entitlement_id, e.entitlement_key, e.source as held_in,
       d.advised, d.advised_basis as basis, d.advised_fit as fit, d.advised_score as raw_score
from core.decision as d
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join core.entitlement as e on e.entitlement_id = d.entitlement_id
where d.decided_at < getvariable('as_of')
order by d.decision_id
