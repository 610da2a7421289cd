-- advice: what has been advised firmly, from which night to which, so that a decision can be held against what stood when it was
-- made. A spell ends where the verdict goes, or changes its confidence or the twentieth in which its score lies. Kept for 400 days.
-- grain: recommendation_id, first_as_of
-- column first_as_of: UTC, the first night that advised it so
-- column ended_as_of: UTC, the first night that did not; null while it stands
-- column fit: of the idle model, as in marts.calibration; empty where the verdict does not rest on it
-- column confidence: high or medium
-- column raw_score: before calibration, on the spell's first night, 0 to 1
-- check one stands: select recommendation_id from marts.advice where ended_as_of is null group by recommendation_id having count(*) > 1
with today as (
    select recommendation_id, identity_id, entitlement_id, action, basis, fit, confidence, raw_score, floor(raw_score * 20) as step
    from marts.proposal where bar is null and confidence in ('high', 'medium')
),
before as ( -- who was forgotten is forgotten here too
    select a.*, floor(a.raw_score * 20) as step from lake.last_advice as a semi join core.identity as i using (identity_id)
),
standing as (
    select b.recommendation_id, b.first_as_of from before as b join today as t using (recommendation_id, confidence, step)
    where b.ended_as_of is null
)
select b.recommendation_id, b.first_as_of,
       case when b.ended_as_of is null and s.recommendation_id is null then getvariable('as_of')::timestamp else b.ended_as_of end as ended_as_of,
       b.identity_id, b.entitlement_id, b.action, b.basis, b.fit, b.confidence, b.raw_score
from before as b left join standing as s using (recommendation_id, first_as_of)
where b.ended_as_of is null or b.ended_as_of > getvariable('as_of') - interval 400 day
union all
select recommendation_id, getvariable('as_of')::timestamp, null, identity_id, entitlement_id, action, basis, fit, confidence, raw_score
from today anti join standing using (recommendation_id)
order by recommendation_id, first_as_of
