-- failed_use: attempts to use an entitlement that failed, by identity, within the retained days.
-- grain: identity_key, entitlement_key
select i.identity_key, e.entitlement_key, sum(u.failures)::bigint as failures
from core.usage_day as u
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join core.entitlement as e on e.entitlement_id = u.entitlement_id
where u.failures > 0
group by i.identity_key, e.entitlement_key
order by i.identity_key, e.entitlement_key
