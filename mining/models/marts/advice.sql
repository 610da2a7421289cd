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
    select recommendation_id, identity_id, entitlement_id, action, basis, fit, confidence, raw_score
    from marts.proposal where bar is null and confidence in ('high', 'medium')
),
before as ( -- who was forgotten is forgotten here too
    select a.* from lake.last_advice as a semi join core.identity as i using (identity_id)
),
beside as materialized (
    select b, t, b.confidence = t.confidence and floor(b.raw_score * 20) = floor(t.raw_score * 20) as goes_on
    from (select * from before where ended_as_of is null) as b full join today as t using (recommendation_id)
),
spell as (
    select unnest(b), case when not coalesce(goes_on, false) then getvariable('as_of')::timestamp end as ends from beside where b.recommendation_id is not null
    union all by name
    select *, ended_as_of as ends from before where ended_as_of > getvariable('as_of') - interval 400 day
    union all by name
    select unnest(t), getvariable('as_of')::timestamp as first_as_of, null as ends from beside
    where t.recommendation_id is not null and not coalesce(goes_on, false)
)
select recommendation_id, first_as_of, ends as ended_as_of, identity_id, entitlement_id, action, basis, fit, confidence, raw_score
from spell
order by recommendation_id, first_as_of
