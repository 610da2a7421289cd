-- calibration_map: for each way of calibrating, the probability that a bin's pairs get.
-- grain: fold, kind, method, bin
-- column method: none (as foretold); isotonic (the observed shares, made monotone by pooling adjacent violators, Ayer et al.
--   1955, here by its max-min formula); shrunk (the same after adding 30 pairs a bin that behave as foretold)
with weighed as (
    select fold, kind, bin, predicted, m.method, n + m.strength as w, hits + m.strength * predicted as h
    from marts.calibration_bin cross join (values ('isotonic', 0), ('shrunk', 30)) as m(method, strength)
),
run as ( -- every run of neighbouring bins, and its share
    select a.fold, a.kind, a.method, a.bin as first_bin, b.bin as last_bin, round(sum(c.h) / sum(c.w), 6) as share
    from weighed as a
    join weighed as b on b.fold = a.fold and b.kind = a.kind and b.method = a.method and b.bin >= a.bin
    join weighed as c on c.fold = a.fold and c.kind = a.kind and c.method = a.method and c.bin between a.bin and b.bin
    group by all
),
least_run as (
    select w.fold, w.kind, w.method, w.bin, r.first_bin, min(r.share) as share
    from weighed as w join run as r on r.fold = w.fold and r.kind = w.kind and r.method = w.method and r.first_bin <= w.bin and r.last_bin >= w.bin
    group by all
)
select fold, kind, method, bin, max(share) as calibrated from least_run group by fold, kind, method, bin
union all select fold, kind, 'none', bin, predicted from marts.calibration_bin
order by fold, kind, method, bin
