-- calibration: what a foretold probability has meant at earlier cuts: the map that scores go through, bin by bin.
-- Empty until winnow backtest has judged a cut.
-- grain: kind, fit, bin
-- column kind: idle or never_used: the probability of use within the configured horizon
-- column fit: prior or fitted as in marts.idle.method; stretched where that is fitted and its horizon shorter than the configured one
-- column low: foretold probability from which the bin counts; high: up to which, not included
-- column predicted: mean of what was foretold; observed: share that came true
-- column method: none, isotonic or shrunk: the one that did best on later cuts than it was learnt from; shrunk where none is later
-- column calibrated: what the bin's pairs get, monotone over the bins
-- column at_low: the map at the bin's lower edge, at_high at its upper one; between them it runs straight:
--   at_low + (p - low) / (high - low) * (at_high - at_low)
with best as (
    select kind, fit, method from marts.calibration_trial group by kind, fit, method
    qualify row_number() over (partition by kind, fit order by sum(loss), list_position(['none', 'shrunk', 'isotonic'], method)) = 1
),
knot as (
    select b.*, m.calibrated, m.method, e.low, e.high
    from marts.calibration_bin as b
    join marts.calibration_edge as e using (bin)
    left join best as t using (kind, fit)
    join marts.calibration_map as m on (m.fold, m.kind, m.fit, m.bin) = (b.fold, b.kind, b.fit, b.bin) and m.method = coalesce(t.method, 'shrunk')
    where b.fold = 'all'
),
beside as (
    select *, lag(calibrated) over w as before, lag(predicted) over w as x_before, lead(calibrated) over w as after, lead(predicted) over w as x_after
    from knot window w as (partition by kind, fit order by bin)
)
select kind, fit, bin, low, high, n, hits, predicted, observed, method, calibrated,
       round(coalesce(before + (calibrated - before) * (low - x_before) / nullif(predicted - x_before, 0), calibrated), 6) as at_low,
       round(coalesce(calibrated + (after - calibrated) * (high - predicted) / nullif(x_after - predicted, 0), calibrated), 6) as at_high,
       first_cut, last_cut
from beside
order by kind, fit, bin
