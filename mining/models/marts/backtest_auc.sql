-- backtest_auc: how well a score orders what followed an earlier cut: the chance that a pair that came true scores above one
-- that did not, ties counted half (Hanley and McNeil 1982; from counts by score).
-- grain: question, method, slice, cut
-- column question: idle (used within the horizon?) or removal (withdrawn within 180 days from somebody who stayed?)
-- column method: product, or the simple method beside it
-- column slice: all, or the branch of the idle model
-- column cut: the instant at which was foretold
with counted as (
    select question, method, basis, cut, score, sum(n)::bigint as n, sum(hits)::bigint as hits
    from lake.backtest_case where question = 'removal' or (question = 'idle' and spoken) group by all
),
sliced as (
    select question, method, 'all' as slice, cut, score, sum(n)::bigint as n, sum(hits)::bigint as hits from counted group by all
    union all select question, method, basis, cut, score, n, hits from counted where basis is not null
),
below as (
    select *, coalesce(sum(n - hits) over (partition by question, method, slice, cut order by score
                       rows between unbounded preceding and 1 preceding), 0)::bigint as misses_below
    from sliced
)
select question, method, slice, cut, sum(n)::bigint as n, sum(hits)::bigint as hits,
       round(sum(hits * (2 * misses_below + n - hits)::hugeint)::double / nullif(2.0 * sum(hits) * sum(n - hits), 0), 6) as auc
from below
group by question, method, slice, cut
order by question, method, slice, cut
