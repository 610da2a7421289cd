-- model_fit: the coefficients with which this night's probabilities were computed.
-- grain: model, feature
-- column model: idle_used or idle_never
-- column feature: intercept, or the input's name in marts.idle_feature
-- column coefficient: of the logistic function, per unit of the input
-- column method: fitted (on this tenant's history), prior (built in) or recency (idle.method: the quiet days alone speak, 0.1 at the
--   configured horizon, with odds that fall with their square: a convention, not a measurement)
-- column n: pairs on which it was fitted
-- column positives: pairs among them that were used again
-- column digest: first 16 hex digits of the sha256 of the training set
-- reads: marts.idle_bin
select null::varchar as model, null::varchar as feature, null::double as coefficient, null::varchar as method,
       null::bigint as n, null::bigint as positives, null::varchar as digest
where false
