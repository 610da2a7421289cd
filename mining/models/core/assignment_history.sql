-- assignment_history: from when to when the platform itself gave an account an entitlement, by one path, with what each end rests on.
-- What nesting or openings derive is not here. Where log and inventory contradict each other the inventory wins: what the log
-- grants and the next generation does not list ends there, and what the log takes and the next generation still lists goes on from
-- the revoke as a new spell. What the log alone names is taken as direct.
-- grain: account_id, entitlement_id, path_kind, via_id, spell
-- column path_kind: direct, rule, group or package, see staging.assignment_edge
-- column via_id: identifier of what gives it; empty for direct
-- column native_ref: the platform's id of the assignment, where it needs one to be removed and it is known
-- column until: UTC, when it ends by itself, if it does
-- column eligible: must be activated before use
-- column spell: 1 for the oldest
-- column valid_from: UTC; null when older than anything known
-- column valid_to: UTC, exclusive; null while held
-- column from_basis: platform (its own date), log (a grant), inventory (first seen in a generation), unknown
-- column to_basis: platform (its own end), log (a revoke), inventory (gone from a generation); null while held
-- check a spell ends after it begins: select * from core.assignment_history where valid_to <= valid_from
-- check spells do not overlap: select account_id from (select *, lead(valid_from) over (partition by account_id, entitlement_id, path_kind, via_id order by spell) as next_from, lead(spell) over (partition by account_id, entitlement_id, path_kind, via_id order by spell) as next from core.assignment_history where spell > 1 or valid_to is not null) where next is not null and (valid_to is null or next_from is null or next_from < valid_to)
with flip as (
    select *, lag(marked_at) over w as last_at, lag(basis) over w as last_basis, lag(held) over w as was
    from core.assignment_mark
    window w as (partition by account_id, entitlement_id, path_kind, via_id order by marked_at, seq, held, basis)
    qualify held is distinct from was
),
spell as (
    select source, account_id, entitlement_id, path_kind, via_id,
           case when not held or basis = 'unknown' and was is null then null
                when basis in ('unknown', 'inventory') and last_basis = 'log' then last_at else marked_at end as valid_from,
           if(held, lead(marked_at) over w, marked_at) as valid_to,
           case when not held then 'unknown' when basis = 'unknown' and was is not null then 'inventory' else basis end as from_basis,
           if(held, lead(basis) over w, basis) as to_basis
    from flip
    window w as (partition by account_id, entitlement_id, path_kind, via_id order by marked_at, seq)
    qualify (held or was is null and basis in ('log', 'platform')) and (valid_from is null or valid_to is null or valid_from < valid_to)
),
changed as (
    select s.*, g.native_ref, g.until, coalesce(g.eligible, false) as eligible
    from spell as s
    asof left join core.assignment_generation as g
      on g.account_id = s.account_id and g.entitlement_id = s.entitlement_id and g.path_kind = s.path_kind and g.via_id = s.via_id
      and g.seen_at < coalesce(s.valid_to, 'infinity'::timestamp)
),
steady as (
    select source, account_id, entitlement_id, path_kind, via_id, native_ref, until, coalesce(eligible, false) as eligible, since as valid_from
    from lake.assignment_edge_generation where closed_at is null
    union all
    select source, account_id, entitlement_id, path_kind, coalesce(via_id, '') as via_id, min(native_ref), max(until),
           coalesce(bool_and(eligible), false), min(since)
    from staging.assignment_edge
    where list_contains(getvariable('unfollowed_assignment_edge'), source) and account_id is not null and entitlement_id is not null
    group by source, account_id, entitlement_id, path_kind, coalesce(via_id, '')
)
select source, account_id, entitlement_id, path_kind, via_id, native_ref, until, eligible, 1 as spell, valid_from,
       null::timestamp as valid_to, if(valid_from is null, 'unknown', 'platform') as from_basis, null::varchar as to_basis
from steady anti join core.assignment_generation using (account_id, entitlement_id)
union all
select source, account_id, entitlement_id, path_kind, via_id, native_ref, until, eligible,
       row_number() over (partition by account_id, entitlement_id, path_kind, via_id order by valid_from nulls first)::integer,
       valid_from, valid_to, from_basis, to_basis
from changed
order by account_id, entitlement_id, path_kind, via_id, spell
