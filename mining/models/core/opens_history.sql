-- opens_history: from when to when holding one entitlement gave the use of another, directly, with what each end rests on.
-- Log and inventory are weighed as in core.assignment_history.
-- grain: entitlement_id, opens_id, spell
-- column entitlement_id: the entitlement that is held, for instance a group
-- column opens_id: the entitlement whose use it gives, for instance an app
-- column spell: 1 for the oldest
-- column native_ref: the platform's id of the opening, where known
-- column direct_only: only direct members are given the use, members of nested groups are not
-- column valid_from: UTC; null when older than anything known
-- column valid_to: UTC, exclusive; null while it opens
-- column from_basis: platform (its own date), log (an event), inventory (first seen in a generation), unknown
-- column to_basis: platform (its own end), log (an event), inventory (gone from a generation); null while it opens
-- check a spell ends after it begins: select * from core.opens_history where valid_to <= valid_from
with flip as (
    select *, lag(marked_at) over w as last_at, lag(basis) over w as last_basis, lag(held) over w as was
    from core.opens_mark
    window w as (partition by entitlement_id, opens_id order by marked_at, seq, held, basis)
    qualify held is distinct from was
),
spell as (
    select source, entitlement_id, opens_id,
           case when not held or basis = 'unknown' and was is null then null
                when basis in ('unknown', 'inventory') and last_basis = 'log' then last_at else marked_at end as valid_from,
           if(held, lead(marked_at) over w, marked_at) as valid_to,
           case when not held then 'unknown' when basis = 'unknown' and was is not null then 'inventory' else basis end as from_basis,
           if(held, lead(basis) over w, basis) as to_basis
    from flip
    window w as (partition by entitlement_id, opens_id order by marked_at, seq)
    qualify (held or was is null and basis in ('log', 'platform')) and (valid_from is null or valid_to is null or valid_from < valid_to)
),
listed as (
    select entitlement_id, opens_id, native_ref, direct_only, least(opened_at, getvariable('as_of')) as opened_at from lake.opens_generation
    union all
    select entitlement_id, opens_id, native_ref, direct_only, getvariable('as_of') from staging.opens
    where list_contains(getvariable('unfollowed_opens'), source)
),
reference as (
    select entitlement_id, opens_id, opened_at, min(native_ref) as native_ref,
           bool_and(coalesce(direct_only, false)) as direct_only
    from listed group by all
)
select s.source, s.entitlement_id, s.opens_id, row_number() over (partition by s.entitlement_id, s.opens_id order by s.valid_from nulls first)::integer as spell,
       r.native_ref, coalesce(r.direct_only, last.direct_only, false) as direct_only, s.valid_from, s.valid_to, s.from_basis, s.to_basis
from spell as s
asof left join reference as r on r.entitlement_id = s.entitlement_id and r.opens_id = s.opens_id and r.opened_at < coalesce(s.valid_to, 'infinity'::timestamp)
left join (select entitlement_id, opens_id, arg_max(direct_only, opened_at) as direct_only from reference group by all) as last
  on last.entitlement_id = s.entitlement_id and last.opens_id = s.opens_id
order by s.entitlement_id, s.opens_id, spell
