-- recommendation: what this run advises, with its evidence and its words.
-- grain: recommendation_id
-- column recommendation_id: first 16 hex digits of the sha256 of identity, entitlement and action; stable from night to night
-- column action: revoke, grant, change_rule or abstain
-- column score: probability that the action is right, 0 to 1
-- column confidence: high, medium or low
-- column basis: what the verdict rests on
-- column bar: what forbids a verdict, for abstain
-- column reason_codes: codes of the claims, most telling first
-- column claims: JSON list of {id, code, values}
-- column rationale: the sentences
-- column evidence_query: runs on this file alone and gives the claims' values
-- column evidence_hash: sha256 of the evidence row as JSON
-- column first_as_of: since when it has been advised without a break
-- column export_from: first day on which it may be exported, once the waiting time of the policy has passed
-- check action: select recommendation_id from marts.recommendation where action not in ('revoke', 'grant', 'change_rule', 'abstain')
-- check score: select recommendation_id from marts.recommendation where score is null or score < 0 or score > 1
-- check machine: select r.recommendation_id from marts.recommendation as r join core.identity as i using (identity_id) where r.action = 'revoke' and i.protected_by is not null
select u.recommendation_id, u.run_id, u.as_of, u.action, u.identity_id, u.identity_name, u.account_id, u.source, u.entitlement_id,
       u.entitlement_name, u.entitlement_kind, u.score, u.confidence, u.basis, u.bar, u.reason_codes, u.claims, d.rationale,
       d.drafted_by, d.guard, u.removability, u.risk, u.reviewer, u.manager, u.owner, u.evidence_query, u.evidence_hash,
       u.first_as_of, u.export_from
from marts.undrafted as u left join marts.draft as d using (recommendation_id)
order by u.recommendation_id
