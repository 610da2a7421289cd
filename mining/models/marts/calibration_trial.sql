-- calibration_trial: each way of calibrating, learnt at a cut from what was over by then, tried on what followed that cut.
-- grain: kind, method
-- column cuts: later cuts on which it was tried
-- column gap: mean distance between calibrated and observed over the bins, weighted by pairs
-- column brier: mean squared distance between the calibrated probability of the bin and what happened
with later as (
    select strftime(cut, '%Y-%m-%d') as fold, case basis when 'used' then 'idle' else 'never_used' end as kind,
           list_position([0, .01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9], list_filter([0, .01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9],
             lambda e: e <= score)[-1])::integer as bin, sum(n)::bigint as n, sum(hits)::bigint as hits
    from lake.backtest_case where question = 'idle' and method = 'product' and spoken group by all
)
select m.kind, m.method, count(distinct l.fold)::integer as cuts, sum(l.n)::bigint as n,
       round(sum((abs(l.n * m.calibrated - l.hits))::decimal(28, 6))::double / sum(l.n), 6) as gap,
       round(sum((l.hits * pow(1 - m.calibrated, 2) + (l.n - l.hits) * pow(m.calibrated, 2))::decimal(28, 9))::double / sum(l.n), 6) as brier
from later as l join marts.calibration_map as m using (fold, kind, bin)
group by m.kind, m.method
order by m.kind, m.method
