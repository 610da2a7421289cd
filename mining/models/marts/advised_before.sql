-- advised_before: what the night before advised: by it a verdict keeps its level until its score is clearly past the threshold, and its age.
-- grain: recommendation_id
-- column confidence: high, medium or low, as it was then
-- column as_of: UTC, the instant of that night
-- column first_as_of: UTC, since when it had been advised without a break
select recommendation_id, action, confidence, as_of, first_as_of from lake.last_recommendation order by recommendation_id
