-- calibration_bin: what was foretold and what followed, by bins of the foretold probability: at the cuts of backtests, and where
--   people have decided on what was advised (marts.decision_score).
-- grain: fold, kind, fit, bin
-- column fold: all cuts, or those that were over at a later cut, named by that cut's day, to try a map on what it has not seen
-- column kind: idle or never_used: the probability of use within the configured horizon, where the product would speak; any other
--   basis of a verdict, from decisions alone: the probability that it is wrong
-- column fit: fitted on the tenant's own history; stretched: fitted over a shorter horizon, for want of history, and stretched
--   to the configured one; prior: built in. Each errs in its own way, and is calibrated by itself
-- column bin: number from 1, see marts.calibration_edge
-- column n: whole cases; an approval that nothing bears out counts by its reviewer's weight
-- column predicted: mean of what was foretold, 0 to 1
with foretold as (
    select c.cut, c.horizon_days, case c.basis when 'used' then 'idle' else 'never_used' end as kind, c.fit, e.bin, c.score, c.n, c.hits
    from lake.backtest_case as c join marts.calibration_edge as e on c.score >= e.low and c.score < e.high
    where c.question = 'idle' and c.method = 'product' and c.spoken
    union all
    select d.decided_at, d.horizon_days, d.kind, d.fit, e.bin, d.predicted, d.weight, d.weight * d.wrong
    from marts.decision_score as d join marts.calibration_edge as e on d.predicted >= e.low and d.predicted < e.high
),
fold as (
    select 'all' as fold, timestamp '9999-01-01' as until
    union select strftime(cut, '%Y-%m-%d'), cut from lake.backtest_case where question = 'idle'
)
select f.fold, t.kind, t.fit, t.bin, min(t.cut)::date as first_cut, max(t.cut)::date as last_cut, sum(t.n)::bigint as n,
       sum(t.hits)::bigint as hits, round(sum((t.n * t.score)::decimal(28, 6))::double / sum(t.n), 6) as predicted,
       round(sum(t.hits) / sum(t.n), 6) as observed
from foretold as t join fold as f on t.cut + to_days(t.horizon_days::integer) <= f.until
group by f.fold, t.kind, t.fit, t.bin
having sum(t.n) >= 1
order by f.fold, t.kind, t.fit, t.bin
