-- backtest: how good the product would have been at earlier cuts, by what has followed since.
-- grain: question, method, slice_kind, slice, metric
-- column question: revoke, grant_verdict, idle, grant, removal or unknown
-- column method: product, or the simple method beside it
-- column slice_kind: all, cut, confidence, basis, app or department
-- column metric: right (not used again within the horizon), agreed (people did it), unjudged (share), brier, auc (mean over
--   the cuts), hit1, hit5, hit10, mrr, base_rate, spells
-- column n: pairs or persons that the value is of
-- column value: share or mean, 0 to 1; a count for spells
-- column low: lower end of the 90 % Wilson interval, for shares
with verdict as (
    select case when action = 'grant' then 'grant_verdict' else 'revoke' end as question, s.kind as slice_kind,
           coalesce(case s.kind when 'all' then '' when 'cut' then strftime(cut, '%Y-%m-%d') when 'confidence' then confidence
                    when 'basis' then basis when 'app' then app else department end, '') as slice,
           sum(n) filter (why is null)::bigint as judged, sum(n - hits) filter (why is null)::bigint as kept_away, sum(n)::bigint as n,
           sum(agreed_n)::bigint as agreed_n, sum(agreed)::bigint as agreed
    from lake.backtest_case cross join (select unnest(['all', 'cut', 'confidence', 'basis', 'app', 'department']) as kind) as s
    where question = 'verdict' and (confidence <> 'low' or s.kind = 'confidence') group by all
),
ranked as (
    select method, s.kind as slice_kind, case s.kind when 'all' then '' else strftime(cut, '%Y-%m-%d') end as slice,
           count(*)::bigint as n, count(*) filter (rank <= 1) as hit1, count(*) filter (rank <= 5) as hit5,
           count(*) filter (rank <= 10) as hit10, coalesce(sum((1 / rank)::decimal(18, 6)), 0)::double as reciprocal
    from lake.backtest_case cross join (select unnest(['all', 'cut']) as kind) as s where question = 'grant' group by all
),
figure as (
    select question, 'product' as method, slice_kind, slice, 'right' as metric, judged as n, kept_away / nullif(judged, 0) as value, true as share
    from verdict where question = 'revoke'
    union all select question, 'product', slice_kind, slice, 'agreed', agreed_n, agreed / nullif(agreed_n, 0), true from verdict
    union all select question, 'product', slice_kind, slice, 'unjudged', n, (n - coalesce(judged, 0)) / n, false from verdict where question = 'revoke'
    union all
    select 'grant', method, slice_kind, slice, metric, n, v / n, metric <> 'mrr'
    from (unpivot (select method, slice_kind, slice, n, hit1::double as hit1, hit5::double as hit5, hit10::double as hit10, reciprocal as mrr from ranked)
          on hit1, hit5, hit10, mrr into name metric value v)
    union all
    select question, method, case slice when 'all' then 'all' else 'basis' end, case slice when 'all' then '' else slice end, 'auc',
           sum(n)::bigint, sum(auc::decimal(18, 6))::double / count(auc), false
    from marts.backtest_auc group by question, method, slice
    union all
    select 'idle', method, 'all', '', 'brier', sum(n)::bigint,
           sum((hits * (1 - score) * (1 - score) + (n - hits) * score * score)::decimal(28, 9))::double / sum(n), false
    from lake.backtest_case where question = 'idle' and method = 'product' and spoken group by method
    union all
    select question, method, 'all', '', 'base_rate', sum(n)::bigint, sum(hits) / sum(n), true
    from lake.backtest_case where (question = 'removal' or question = 'idle' and spoken) and method = 'product' group by question, method
    union all select 'unknown', 'product', 'all', '', 'spells', sum(n)::bigint, sum(n)::double, false from lake.backtest_case where question = 'unknown' group by all
)
select question, method, slice_kind, slice, metric, coalesce(n, 0)::bigint as n, round(value, 6) as value,
       case when share and n > 0 then wilson_low(value, n) end as low, case when share and n > 0 then wilson_high(value, n) end as high
from figure
where question is not null
order by question, method, slice_kind, slice, metric
