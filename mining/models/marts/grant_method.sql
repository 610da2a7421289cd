-- grant_method: the ways to rank what a person lacks, how well each did on the tenant's own past, and the one that serves.
-- grain: method
-- column method: popularity, similar (people alike by what they hold), implied (by one held entitlement), even (all inputs alike),
--   fitted (weights by a conditional logit on earlier grants)
-- column cases: people at earlier cuts, and what they got within 90 days, on which it was judged; each with weights fitted on still earlier cuts
-- column hit5: share of the cases of which one of the first five was got, 0 to 1
-- column mrr: mean reciprocal rank of the first that was got, 0 to 1
-- column log_likelihood: mean natural logarithm of the probability that the method gave to what was got
-- column chosen: serves this night: the even weights, unless another is better by more than the standard error of the paired difference
-- column fitted_on: cases on which the weights were fitted
-- column x_popular: weight of that input of marts.grant_rank; likewise the following
-- column digest: first 16 hex digits of the sha256 of the cases
select null::varchar as method, null::integer as cases, null::double as hit5, null::double as mrr, null::double as log_likelihood,
       null::boolean as chosen, null::integer as fitted_on, null::double as x_popular, null::double as x_recent,
       null::double as x_similar, null::double as x_implied, null::double as x_use, null::double as x_peers, null::varchar as digest
where false
