-- calibration_bin: what was foretold and what followed, by bins of the foretold probability.
-- grain: fold, kind, bin
-- column fold: all cuts, or those that were over at a later cut, named by that cut's day, to try a map on what it has not seen
-- column kind: idle or never_used: the probability of use within the configured horizon, where the product would speak
-- column bin: number from 1; edges 0, .01, .02, .05, .1, then every tenth
-- column predicted: mean of what was foretold, 0 to 1
with edge as (select unnest([0, .01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9]) as low, generate_subscripts([1,2,3,4,5,6,7,8,9,10,11,12,13], 1) as bin),
foretold as (
    select cut, horizon_days, case basis when 'used' then 'idle' else 'never_used' end as kind,
           (select max(bin) from edge where low <= score) as bin, score, n, hits
    from lake.backtest_case where question = 'idle' and method = 'product' and spoken
),
fold as (
    select 'all' as fold, timestamp '9999-01-01' as until
    union select strftime(cut, '%Y-%m-%d'), cut from lake.backtest_case where question = 'idle'
)
select f.fold, t.kind, t.bin::integer as bin, min(t.cut)::date as first_cut, max(t.cut)::date as last_cut, sum(t.n)::bigint as n,
       sum(t.hits)::bigint as hits, round(sum((t.n * t.score)::decimal(28, 6))::double / sum(t.n), 6) as predicted,
       round(sum(t.hits) / sum(t.n), 6) as observed
from foretold as t join fold as f on t.cut + to_days(t.horizon_days::integer) <= f.until
group by f.fold, t.kind, t.bin
order by f.fold, t.kind, t.bin
