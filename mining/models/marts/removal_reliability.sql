-- removal_reliability: what the removal model foretold at the newest reference whose future is known, with coefficients that were
-- fitted before it, and what came true: how far it can be believed. Empty where history is too short to hold anything out.
-- grain: bin
-- column bin: 1 for the least likely; every bin but the last holds a tenth of the pairs, the last is the top hundredth of them, and
--   the ninetieth to ninety-ninth hundredth are bin 10
-- column n: pairs
-- column predicted: mean of what was foretold
-- column observed: share that was withdrawn within 180 days
-- column low: lower end of the 90 % Wilson interval of it
with coef as (
    select map_from_entries(list((feature, coefficient) order by feature)) as b from marts.removal_fit
    where model = 'held_out' and method = 'fitted'
),
told as (
    select n, removed, round(1 / (1 + exp(-least(30, greatest(-30, b['intercept'] + b['x_support'] * z_support + b['x_lost'] * z_lost
               + b['x_alone'] * z_alone + b['x_churn'] * z_churn + b['x_term'] * z_term + b['x_family'] * z_family
               + b['x_holdings'] * z_holdings + b['x_changed'] * z_changed + b['x_loss'] * z_loss + b['x_unseen'] * z_unseen)))), 6) as p
    from marts.removal_bin cross join coef
    where ref = 1 and b is not null
),
placed as (
    select p, sum(n) as n, sum(removed) as removed, (sum(sum(n)) over (order by p) - sum(n) / 2) / sum(sum(n)) over () as place
    from told group by p
),
binned as (
    select case when place >= 0.99 then 11 else least(10, 1 + floor(10 * place)) end::integer as bin, sum(n)::bigint as n,
           sum(removed)::bigint as removed, sum(round(p * n, 6)::decimal(18, 6)) as foretold
    from placed group by all
)
select bin, n, round(foretold::double / n, 6) as predicted, round(removed / n, 6) as observed, wilson_low(removed / n, n) as low
from binned
order by bin
