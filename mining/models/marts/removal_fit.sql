-- removal_fit: the coefficients of the removal model, per standard deviation of each input.
-- grain: model, feature
-- column model: now, or held_out: fitted without the newest references, to see on them how far it can be believed
-- column feature: intercept, or the input's name
-- column coefficient: of the logistic function
-- column prior: the built-in coefficient, towards which the fit is drawn the more the less history there is
-- column method: fitted (on this tenant's history) or prior (built in)
-- column n: pairs on which it was fitted
-- column positives: pairs among them that were withdrawn
-- column digest: first 16 hex digits of the sha256 of the training set
-- reads: marts.removal_bin
select null::varchar as model, null::varchar as feature, null::double as coefficient, null::double as prior, null::varchar as method,
       null::bigint as n, null::bigint as positives, null::varchar as digest
where false
