-- departure: a person of the cut who had lost all access, or their employment, by the present.
-- grain: identity_key
-- column left_at: UTC, the earlier of the last end of any access and the first day without employment
with access as (
    select identity_key, max(coalesce(ended, timestamp '9999-01-01')) as last_access from backtest.spell group by identity_key
)
select i.identity_key, least(a.last_access, coalesce(w.left_on::timestamp, timestamp '9999-01-01')) as left_at
from core.identity as i
left join access as a using (identity_key)
left join present.core.worker as w using (worker_id)
where least(coalesce(a.last_access, timestamp '9999-01-01'), coalesce(w.left_on::timestamp, timestamp '9999-01-01')) < timestamp '9999-01-01'
order by i.identity_key
