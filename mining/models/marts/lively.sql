-- lively: an identity uses an entitlement these days: its last use lies within the horizon, or within the entitlement's own pace.
-- grain: identity_key, entitlement_key
select i.identity_key, e.entitlement_key
from marts.idle as d
join core.identity as i using (identity_id)
join core.entitlement as e using (entitlement_id)
where d.active_days > 0 and d.quiet_days <= greatest(d.horizon_days, d.pace_days)
order by i.identity_key, e.entitlement_key
