-- lively: an identity uses an entitlement these days: its last use lies within the horizon, or within the entitlement's own pace.
-- grain: identity_key, entitlement_key
select identity_key, entitlement_key
from marts.idle
where active_days > 0 and quiet_days <= greatest(horizon_days, pace_days)
order by identity_key, entitlement_key
