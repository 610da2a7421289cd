-- assignment_derived: an event of the log about an entitlement that came and went with another one, for instance an app with a group.
-- Platforms log what membership brings as they log what is given by hand. Such an event makes no spell of its own where no
-- inventory lists the entitlement as directly held.
-- grain: account_id, entitlement_id, occurred_at
-- column occurred_at: UTC, the event's own time
with pair as (
    select entitlement_id, opens_id from core.opens_history union select entitlement_id, opens_id from core.entitlement_opens
),
candidate as (
    select t.account_id, t.entitlement_id, t.occurred_at, t.held, p.entitlement_id as via_id
    from core.assignment_turn as t join pair as p on p.opens_id = t.entitlement_id
)
select c.account_id, c.entitlement_id, c.occurred_at -- with the membership, within a day
from candidate as c
join core.assignment_turn as g on g.account_id = c.account_id and g.entitlement_id = c.via_id and g.held = c.held
 and g.occurred_at between c.occurred_at - interval 1 day and c.occurred_at + interval 1 day
union
select c.account_id, c.entitlement_id, c.occurred_at -- with the opening
from candidate as c
join core.opens_turn as o on o.entitlement_id = c.via_id and o.opens_id = c.entitlement_id and o.held = c.held
 and o.occurred_at between c.occurred_at - interval 1 day and c.occurred_at + interval 1 day
union
select c.account_id, c.entitlement_id, c.occurred_at -- the membership is listed, and gives it anyway
from candidate as c
semi join (
    select account_id, entitlement_id from lake.assignment_edge_generation
    union all
    select account_id, entitlement_id from staging.assignment_edge where list_contains(getvariable('unfollowed_assignment_edge'), source)
) as e on e.account_id = c.account_id and e.entitlement_id = c.via_id
order by account_id, entitlement_id, occurred_at
