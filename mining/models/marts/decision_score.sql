-- decision_score: what the advice that stood at a decision foretold, and what came true: more cases for the calibration.
-- grain: decision_id
-- column kind: the basis of the advice, as in marts.calibration
-- column fit: of the idle model; empty where the advice does not rest on it
-- column predicted: probability that the advice is wrong, before calibration: 1 - raw score, 0 to 1
-- column wrong: 1 where it was: a revoke of what was needed, a grant of what was not
-- column weight: of marts.decision_label, 0 to 1
select c.decision_id, c.decided_at, p.horizon_days, c.basis as kind, coalesce(c.fit, '') as fit, round(1 - c.raw_score, 6) as predicted,
       case when c.advised = 'grant' then 1 - l.needed else l.needed end as wrong,
       l.weight::decimal(5, 4) as weight
from marts.decision_case as c
join marts.decision_label as l using (decision_id)
cross join (select coalesce(min(horizon_days), 90) as horizon_days from config.policy) as p
where c.advised is not null and c.basis not in ('left', 'contract_ended', 'contract_ends')
order by c.decision_id
