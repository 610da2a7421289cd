-- calibration_edge: the bins of foretold probabilities: narrow where verdicts are made, every tenth elsewhere.
-- grain: bin
-- column low: lower edge, included
-- column high: upper edge, not included; the last bin reaches beyond 1, so that 1 falls into it
select bin::integer as bin, low::double as low, high::double as high
from (values (1, 0, 0.01), (2, 0.01, 0.02), (3, 0.02, 0.05), (4, 0.05, 0.1), (5, 0.1, 0.2), (6, 0.2, 0.3), (7, 0.3, 0.4), (8, 0.4, 0.5),
             (9, 0.5, 0.6), (10, 0.6, 0.7), (11, 0.7, 0.8), (12, 0.8, 0.9), (13, 0.9, 1.001)) as e(bin, low, high)
order by bin
