-- used: what a person used within the horizon after the cut: by its own name, or through what it opens.
-- grain: identity_key, entitlement_key
-- column first_use: the first day
with own as (
    select i.identity_key, e.entitlement_key, e.entitlement_id, e.kind, min(u.day) as first_use
    from present.core.usage_day as u
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    join core.entitlement as e on e.entitlement_id = u.entitlement_id
    where u.successes > 0 and u.day >= getvariable('as_of')::date and u.day < getvariable('as_of')::date + getvariable('judged_days')
    group by all
),
through as (
    select h.identity_key, h.entitlement_key, o.first_use
    from own as o
    join core.entitlement_opens as p on p.opens_id = o.entitlement_id
    join core.holding as h on h.identity_key = o.identity_key and h.entitlement_id = p.entitlement_id
    where o.kind <> 'app_role'
)
select identity_key, entitlement_key, min(first_use) as first_use
from (select identity_key, entitlement_key, first_use from own union all from through)
group by identity_key, entitlement_key
order by identity_key, entitlement_key
