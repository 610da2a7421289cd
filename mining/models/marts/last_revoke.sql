-- last_revoke: when an entitlement was last taken from any account of an identity.
-- grain: identity_key, entitlement_key
select i.identity_key, e.entitlement_key, max(v.occurred_at) as revoked_at
from core.assignment_event as v
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join core.entitlement as e on e.entitlement_id = v.entitlement_id
where v.action = 'revoke'
group by i.identity_key, e.entitlement_key
order by i.identity_key, e.entitlement_key
