-- use_day: a day on which an identity used an entitlement with success, through any of its accounts.
-- grain: identity_key, entitlement_key, day
-- column gap: days since the identity's use before it; null for the first
with owner as (
    select a.account_key, i.identity_key
    from core.account as a join core.account_link as l using (account_id) join core.identity as i using (identity_id)
),
days as (
    select distinct o.identity_key, u.entitlement_key, u.day
    from core.usage_day as u join owner as o using (account_key)
    where u.successes > 0
)
select identity_key, entitlement_key, day,
       (day - lag(day) over (partition by identity_key, entitlement_key order by day))::integer as gap
from days
order by identity_key, entitlement_key, day
