-- calibration_map: for each way of calibrating, the probability that a bin's pairs get.
-- grain: fold, kind, fit, method, bin
-- column method: none (as foretold); isotonic (the observed shares, made monotone by pooling adjacent violators, Ayer et al.
--   1955, here by its max-min formula); shrunk (the same after adding 30 pairs a bin that behave as foretold)
with weighed as (
    select fold, kind, fit, m.method, bin, n + m.strength as w, hits + m.strength * predicted as h
    from marts.calibration_bin cross join (values ('isotonic', 0), ('shrunk', 30)) as m(method, strength)
),
run as ( -- every run of neighbouring bins, and its share
    select a.fold, a.kind, a.fit, a.method, a.bin as first_bin, b.bin as last_bin, round(sum(c.h) / sum(c.w), 6) as share
    from weighed as a
    join weighed as b on (b.fold, b.kind, b.fit, b.method) = (a.fold, a.kind, a.fit, a.method) and b.bin >= a.bin
    join weighed as c on (c.fold, c.kind, c.fit, c.method) = (a.fold, a.kind, a.fit, a.method) and c.bin between a.bin and b.bin
    group by all
),
least_run as (
    select w.fold, w.kind, w.fit, w.method, w.bin, r.first_bin, min(r.share) as share
    from weighed as w join run as r on (r.fold, r.kind, r.fit, r.method) = (w.fold, w.kind, w.fit, w.method)
         and r.first_bin <= w.bin and r.last_bin >= w.bin
    group by all
)
select fold, kind, fit, method, bin, max(share) as calibrated from least_run group by fold, kind, fit, method, bin
union all select fold, kind, fit, 'none', bin, predicted from marts.calibration_bin
order by fold, kind, fit, method, bin
