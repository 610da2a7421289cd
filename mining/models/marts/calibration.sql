-- calibration: what a foretold probability has meant at earlier cuts: the map that scores go through, bin by bin.
-- Empty until winnow backtest has judged a cut.
-- grain: kind, bin
-- column kind: idle or never_used: the probability of use within the configured horizon
-- column low: foretold probability from which the bin counts; high: up to which
-- column predicted: mean of what was foretold; observed: share that came true
-- column method: none, isotonic or shrunk: the one that did best on later cuts than it was learnt from
-- column calibrated: what the bin's pairs get, monotone over the bins
-- column at_low: the map at the bin's lower edge, at_high at its upper one; between them it runs straight:
--   at_low + (p - low) / (high - low) * (at_high - at_low)
with best as (
    select kind, method from marts.calibration_trial
    qualify row_number() over (partition by kind order by brier, list_position(['none', 'shrunk', 'isotonic'], method)) = 1
),
knot as (
    select b.*, m.calibrated, m.method, ([0, .01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1])[b.bin]::double as low,
           ([0, .01, .02, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1])[b.bin + 1]::double as high
    from marts.calibration_bin as b
    left join best as t using (kind)
    join marts.calibration_map as m on m.fold = b.fold and m.kind = b.kind and m.bin = b.bin and m.method = coalesce(t.method, 'shrunk')
    where b.fold = 'all'
),
beside as (
    select *, lag(calibrated) over w as before, lag(predicted) over w as x_before, lead(calibrated) over w as after, lead(predicted) over w as x_after
    from knot window w as (partition by kind order by bin)
)
select kind, bin, low, high, n, hits, predicted, observed, method, calibrated,
       round(coalesce(before + (calibrated - before) * (low - x_before) / nullif(predicted - x_before, 0), calibrated), 6) as at_low,
       round(coalesce(calibrated + (after - calibrated) * (high - predicted) / nullif(x_after - predicted, 0), calibrated), 6) as at_high,
       first_cut, last_cut
from beside
order by kind, bin
