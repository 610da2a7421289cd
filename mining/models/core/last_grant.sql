-- last_grant: when an account was last given what it now holds, as the log tells.
-- grain: account_id, entitlement_id
-- column granted_at: UTC, first grant after the last revoke
-- column revoked_at: UTC, the last revoke before it; null when none is known
with last_revoke as (
    select account_id, entitlement_id, max(occurred_at) as revoked_at from core.assignment_event where action = 'revoke' group by all
)
select g.account_id, g.entitlement_id, min(g.occurred_at) as granted_at, min(r.revoked_at) as revoked_at
from core.assignment_event as g
left join last_revoke as r using (account_id, entitlement_id)
where g.action = 'grant' and (r.revoked_at is null or g.occurred_at >= r.revoked_at)
group by g.account_id, g.entitlement_id
order by g.account_id, g.entitlement_id
