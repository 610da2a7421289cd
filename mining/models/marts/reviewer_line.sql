-- reviewer_line: the revokes that a reviewer would be asked about now, those first by which the most risk is taken away.
-- Firm verdicts count whose waiting time is over; what a rule gives is its owner's business and no line. Empty where
-- policy.max_lines_per_reviewer sets no bound.
-- grain: recommendation_id
-- column reviewer: the manager, else the owner of the entitlement; empty where neither is known, so that the fallback decides
-- column place: 1 for the reviewer's first line
-- column weight: the risk of marts.risk times the score; where HR says that the person has left, use is no excuse and the doubt is 1
-- column kept: the place lies within policy.max_lines_per_reviewer
-- check place: select recommendation_id from marts.reviewer_line where place is null or place < 1
with firm as (
    select recommendation_id, identity_id, entitlement_id, coalesce(reviewer, '') as reviewer, score, confidence,
           basis in ('left', 'contract_ended') as gone
    from marts.undrafted semi join marts.cohort using (identity_id)
    where (select max(max_lines_per_reviewer) from config.policy) > 0 and action = 'revoke' and confidence in ('high', 'medium') and export_from <= getvariable('as_of')::date
),
keyed as (
    select f.*, i.identity_key, e.entitlement_key
    from firm as f join core.identity as i using (identity_id) join core.entitlement as e using (entitlement_id)
),
risky as (
    select r.identity_key, r.entitlement_key, r.weight, r.impact
    from marts.risk as r semi join keyed as k on k.identity_key = r.identity_key and k.entitlement_key = r.entitlement_key
),
weighed as (
    select k.recommendation_id, k.reviewer, k.confidence, k.score,
           round(k.score * coalesce(if(k.gone, r.impact, r.weight), 0), 6) as weight
    from keyed as k left join risky as r using (identity_key, entitlement_key)
),
placed as (
    select *, row_number() over (partition by reviewer order by weight desc, score desc, recommendation_id)::integer as place from weighed
)
select p.recommendation_id, p.reviewer, p.place, p.weight, p.confidence, p.place <= c.most as kept
from placed as p cross join (select max(max_lines_per_reviewer) as most from config.policy) as c
order by p.recommendation_id
