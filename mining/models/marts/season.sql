-- season: an app whose users fell silent together, and whose use comes, or may come, in seasons. Silence proves nothing there.
-- grain: entitlement_key
-- column why: cluster (use came in one short time), lull (it was silent as long before and came back), short_history
with app as (
    select e.entitlement_key, p.users, p.span_days, p.lull_days, a.months,
           (select count(*) from marts.idle_feature as f join marts.idle_state as s using (ref, identity_key, entitlement_key)
             where f.ref = 0 and f.entitlement_key = e.entitlement_key and s.active_days > 0
               and s.quiet_days <= greatest(a.horizon_days, p.pace_days)) as lively
    from core.pace as p
    join core.entitlement as e using (entitlement_key)
    join marts.source_age as a using (source)
)
select entitlement_key, users, lively,
       case when span_days <= 75 then 'cluster' when lull_days >= 60 then 'lull' else 'short_history' end as why
from app
where users >= 3 and lively <= 0.15 * users and (span_days <= 75 or lull_days >= 60 or months < 13)
order by entitlement_key
