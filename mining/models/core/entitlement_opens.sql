-- entitlement_opens: holding one entitlement gives the use of another, directly or through a third.
-- grain: entitlement_id, opens_id
-- column entitlement_id: the entitlement that is held, for instance a group
-- column opens_id: the entitlement whose use it gives, for instance an app
-- column depth: 1 when direct
-- column since: UTC, since when, if known
-- column native_ref: the platform's id of a direct opening
-- column direct_only: only direct members are given the use, members of nested groups are not
with recursive edge as (
    select entitlement_id, opens_id, min(since) as since, min(native_ref) as native_ref,
           bool_and(coalesce(direct_only, false)) as direct_only
    from staging.opens
    where entitlement_id is not null and opens_id is not null and entitlement_id <> opens_id
      and (until is null or until > getvariable('as_of')) and (since is null or since <= getvariable('as_of'))
    group by entitlement_id, opens_id
),
walk as (
    select entitlement_id, opens_id, 1 as depth, direct_only from edge
    union
    select w.entitlement_id, e.opens_id, w.depth + 1, w.direct_only or e.direct_only
    from walk as w join edge as e on e.entitlement_id = w.opens_id
    where w.depth < 4 and e.opens_id <> w.entitlement_id
),
nearest as (
    select entitlement_id, opens_id, min(depth) as depth, bool_and(direct_only) as direct_only from walk group by entitlement_id, opens_id
)
select n.entitlement_id, n.opens_id, n.depth, n.direct_only, e.since, e.native_ref
from nearest as n left join edge as e using (entitlement_id, opens_id)
order by n.entitlement_id, n.opens_id
