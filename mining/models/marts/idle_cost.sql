-- idle_cost: what paid access costs a month, and how much of it lies idle, by entitlement and department.
-- grain: entitlement_key, department
-- column department: of the holder, as HR or the account has it; empty when unknown
-- column holders: identities that hold it
-- column cost: of them all a month, in the currency of the configuration
-- column idle_holders: those whose use within the configured horizon is less likely than one in five; nobody on leave, in a silent
--   season or held for less than the grace of a grant is counted
-- column idle_cost: of those
-- column unseen_holders: those whose use no log shows; nothing is said of them
-- column unseen_cost: of those
-- check parts: select * from marts.idle_cost where idle_holders + unseen_holders > holders or cost < idle_cost + unseen_cost
with paid as (
    select h.identity_key, h.entitlement_key, e.monthly_cost, coalesce(i.department, '') as department, d.p_long is null or d.dark_apps > 0 as unseen,
           coalesce(d.p_long < 0.2 and d.dark_apps = 0 and not d.seasonal and v.identity_key is null and i.employment <> 'leave'
             and not coalesce(h.since > getvariable('as_of') - to_days(c.grant_grace_days), false), false) as idle
    from core.holding as h
    join core.entitlement as e using (entitlement_key)
    join core.identity as i using (identity_key)
    cross join (select coalesce(min(grant_grace_days), 90)::integer as grant_grace_days from config.policy) as c
    left join marts.idle as d on d.identity_id = h.identity_id and d.entitlement_id = h.entitlement_id
    left join (select distinct identity_key from core.identity_leave where last_day >= getvariable('as_of')::date) as v on v.identity_key = h.identity_key
    where e.monthly_cost > 0
)
select p.entitlement_key, p.department, any_value(e.source) as source, any_value(e.entitlement_id) as entitlement_id, any_value(e.name) as name,
       count(*)::integer as holders, sum(p.monthly_cost)::decimal(18, 2) as cost, (count(*) filter (p.idle))::integer as idle_holders,
       coalesce(sum(p.monthly_cost) filter (p.idle), 0)::decimal(18, 2) as idle_cost, (count(*) filter (p.unseen))::integer as unseen_holders,
       coalesce(sum(p.monthly_cost) filter (p.unseen), 0)::decimal(18, 2) as unseen_cost
from paid as p join core.entitlement as e using (entitlement_key)
group by p.entitlement_key, p.department
order by p.entitlement_key, p.department
