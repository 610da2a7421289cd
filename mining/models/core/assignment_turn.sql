-- assignment_turn: an account got or lost an entitlement at an instant, as the log tells, with the looks at the inventory around it.
-- A grant and a revoke at one instant change nothing and are left out.
-- grain: account_id, entitlement_id, occurred_at
-- column entitlement_id: what the log's own id means, see staging.alias
-- column occurred_at: UTC, the event's own time
-- column held: true where it was given, false where it was taken
-- column before_at: UTC, the last generation of the source's inventory that is not later; null when there is none
-- column after_at: UTC, the first later generation; the as-of time, where the newest one stands, when there is none
with alias as (select source, alias, min(entitlement_id) as entitlement_id from staging.alias group by source, alias),
looked as (
    select source, least("at", getvariable('as_of')) as seen_at from lake.generation where contract = 'assignment_edge' and "at" is not null
),
net as (
    select e.source, e.account_id, coalesce(a.entitlement_id, e.entitlement_id) as entitlement_id, e.occurred_at,
           sum(if(e.action = 'grant', 1, -1)) as step
    from core.assignment_event as e
    left join alias as a on a.source = e.source and a.alias = e.entitlement_id[length(e.source) + 2:]
    group by all having step <> 0
)
select n.source, n.account_id, n.entitlement_id, n.occurred_at, n.step > 0 as held, b.seen_at as before_at,
       coalesce(a.seen_at, getvariable('as_of')) as after_at
from net as n
asof left join looked as b on b.source = n.source and b.seen_at <= n.occurred_at
asof left join looked as a on a.source = n.source and a.seen_at > n.occurred_at
order by n.account_id, n.entitlement_id, n.occurred_at
