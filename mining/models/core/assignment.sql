-- assignment: an account holds an entitlement by one path.
-- grain: account_id, entitlement_id, path_kind, via_id
-- column path_kind: direct; rule (via = rule); package (via = package); nested (via = child group); group (via = the held entitlement that opens it)
-- column via_id: identifier of what gives it; empty for direct
-- column native_ref: the platform's id of a direct assignment, where it needs one to be removed
-- column since: UTC, since when the account holds it by this path; null when older than anything known
-- column until: UTC, when it ends by itself, if it does
-- column eligible: must be activated before use
with edge as (
    select e.source, e.account_id, e.entitlement_id, e.path_kind, coalesce(e.via_id, '') as via_id,
           min(e.native_ref) as native_ref, min(coalesce(e.since, g.granted_at)) as since, max(e.until) as until,
           coalesce(bool_and(e.eligible), false) as eligible
    from staging.assignment_edge as e
    left join core.last_grant as g on g.account_id = e.account_id and g.entitlement_id = e.entitlement_id
    where e.account_id is not null and e.entitlement_id is not null
      and (e.until is null or e.until > getvariable('as_of'))
    group by e.source, e.account_id, e.entitlement_id, e.path_kind, coalesce(e.via_id, '')
),
nested as (
    select e.source, e.account_id, n.ancestor_id as entitlement_id, 'nested' as path_kind, n.child_id as via_id,
           null::varchar as native_ref, min(e.since) as since, max(e.until) as until, bool_and(e.eligible) as eligible
    from edge as e join core.nesting as n on n.child_id = e.entitlement_id
    group by e.source, e.account_id, n.ancestor_id, n.child_id
),
held as (from edge union all by name from nested),
opened as (
    select h.source, h.account_id, o.opens_id as entitlement_id, 'group' as path_kind, h.entitlement_id as via_id,
           null::varchar as native_ref, min(greatest(h.since, o.since)) as since, max(h.until) as until,
           bool_and(h.eligible) as eligible
    from held as h join core.entitlement_opens as o on o.entitlement_id = h.entitlement_id
    where not (o.direct_only and h.path_kind = 'nested')
    group by h.source, h.account_id, o.opens_id, h.entitlement_id
)
from held
union all by name
select o.* from opened as o
anti join edge as e on e.account_id = o.account_id and e.entitlement_id = o.entitlement_id
       and e.path_kind = 'group' and e.via_id = o.via_id
order by account_id, entitlement_id, path_kind, via_id
