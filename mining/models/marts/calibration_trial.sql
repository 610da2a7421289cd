-- calibration_trial: each way of calibrating, learnt at a cut from what was over by then, tried on what followed that cut. A map that
--   was learnt from less than a tenth of what has been seen since is not tried: it says nothing of what today's can do.
-- grain: kind, fit, method, bin
-- column bin: of what was foretold, see marts.calibration_edge
-- column cuts: later cuts on which it was tried
-- column said: mean of what the calibrated probabilities were; observed: share that came true
-- column loss: sum of the squared distances between the calibrated probability and what happened
with later as (
    select strftime(c.cut, '%Y-%m-%d') as fold, case c.basis when 'used' then 'idle' else 'never_used' end as kind, c.fit, e.bin,
           sum(c.n)::bigint as n, sum(c.hits)::bigint as hits
    from lake.backtest_case as c join marts.calibration_edge as e on c.score >= e.low and c.score < e.high
    where c.question = 'idle' and c.method = 'product' and c.spoken group by all
),
learnt as (
    select fold, kind, fit, sum(n) as n, max(sum(n)) over (partition by kind, fit) as most from marts.calibration_bin group by fold, kind, fit
)
select m.kind, m.fit, m.method, m.bin, count(*)::integer as cuts, sum(l.n)::bigint as n,
       round(sum((l.n * m.calibrated)::decimal(28, 6))::double / sum(l.n), 6) as said, round(sum(l.hits) / sum(l.n), 6) as observed,
       sum((l.hits * pow(1 - m.calibrated, 2) + (l.n - l.hits) * pow(m.calibrated, 2))::decimal(28, 6)) as loss
from later as l join marts.calibration_map as m using (fold, kind, fit, bin)
semi join (from learnt where n >= 0.1 * most) as t on t.fold = m.fold and t.kind = m.kind and t.fit = m.fit
group by m.kind, m.fit, m.method, m.bin
order by m.kind, m.fit, m.method, m.bin
