-- opens_turn: one entitlement began or ceased to open another at an instant, as the log tells, with the looks at the inventory around it.
-- Two contrary events at one instant change nothing and are left out.
-- grain: entitlement_id, opens_id, occurred_at
-- column entitlement_id: what the log's own id means, see staging.alias; opens_id likewise
-- column occurred_at: UTC, the event's own time
-- column held: true where it began to open, false where it ceased
-- column before_at: UTC, the last generation of the source's inventory that is not later; null when there is none
-- column after_at: UTC, the first later generation; the as-of time, where the newest one stands, when there is none
with alias as (select source, alias, min(entitlement_id) as entitlement_id from staging.alias group by source, alias),
looked as (
    select source, least("at", getvariable('as_of')) as seen_at from lake.generation where contract = 'opens' and "at" is not null
),
net as (
    select c.source, coalesce(e.entitlement_id, c.source || ':' || c.entitlement) as entitlement_id,
           coalesce(o.entitlement_id, c.source || ':' || c.other) as opens_id, c."at" as occurred_at,
           sum(if(c.kind = 'opens_grant', 1, -1)) as step
    from (from lake.change where kind in ('opens_grant', 'opens_revoke') and entitlement is not null and other is not null
            and coalesce(outcome, 'success') = 'success' and "at" < getvariable('as_of')
          qualify row_number() over (partition by source, event_id order by "at" desc, kind, entitlement, other) = 1) as c
    left join alias as e on e.source = c.source and e.alias = c.entitlement
    left join alias as o on o.source = c.source and o.alias = c.other
    group by all having step <> 0
)
select n.source, n.entitlement_id, n.opens_id, n.occurred_at, n.step > 0 as held, b.seen_at as before_at,
       coalesce(a.seen_at, getvariable('as_of')) as after_at
from net as n
asof left join looked as b on b.source = n.source and b.seen_at <= n.occurred_at
asof left join looked as a on a.source = n.source and a.seen_at > n.occurred_at
order by n.entitlement_id, n.opens_id, n.occurred_at
