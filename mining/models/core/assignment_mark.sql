-- assignment_mark: what is known of an assignment at one instant, of all that log or inventory saw change: held, or not held.
-- A platform's date that an earlier generation contradicts is not believed. The log names no path: an event speaks of every direct
-- or rule path that the generation before or after it lists, and of a direct one where neither lists any
-- and nothing else brought it, see assignment_derived.
-- grain: account_id, entitlement_id, path_kind, via_id, marked_at, seq, held, basis
-- column marked_at: UTC
-- column seq: order of what is known of the same instant
-- column basis: platform (its own date), log (an event), inventory (a generation), unknown (the first generation lists it)
with around as ( -- joined by equality first: a left join by spans as well would compare every event with every span
    select t.account_id, t.entitlement_id, t.occurred_at, g.path_kind, g.via_id,
           t.before_at >= g.seen_at and t.before_at < least(g.gone_at, g.until, 'infinity'::timestamp) as listed_before,
           t.after_at >= g.seen_at and t.after_at < least(g.gone_at, g.until, 'infinity'::timestamp) as listed_after
    from core.assignment_turn as t
    join core.assignment_generation as g on g.account_id = t.account_id and g.entitlement_id = t.entitlement_id
    where g.path_kind in ('direct', 'rule')
),
listed as (
    select account_id, entitlement_id, occurred_at, path_kind, via_id, coalesce(bool_or(listed_before), false) as listed_before,
           coalesce(bool_or(listed_after), false) as listed_after
    from around where listed_before or listed_after group by account_id, entitlement_id, occurred_at, path_kind, via_id
),
event as (
    select t.source, t.account_id, t.entitlement_id, coalesce(g.path_kind, 'direct') as path_kind, coalesce(g.via_id, '') as via_id,
           t.occurred_at, t.held, t.before_at, t.after_at, coalesce(g.listed_before, false) as listed_before,
           coalesce(g.listed_after, false) as listed_after
    from core.assignment_turn as t
    left join listed as g using (account_id, entitlement_id, occurred_at)
    left join core.assignment_derived as d using (account_id, entitlement_id, occurred_at)
    where g.account_id is not null or d.account_id is null
),
mark as (
    select source, account_id, entitlement_id, path_kind, via_id, gone_at as marked_at, 0 as seq, false as held, 'inventory' as basis
    from core.assignment_generation where gone_at is not null
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, since as marked_at, 2 as seq, true as held, 'platform' as basis
    from core.assignment_generation where since > coalesce(absent_at, '-infinity'::timestamp)
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, occurred_at as marked_at, 1 as seq, held, 'log' as basis from event
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, absent_at as marked_at, 3 as seq, false as held, 'inventory' as basis
    from core.assignment_generation where absent_at is not null
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, greatest(seen_at, since) as marked_at, 3 as seq, true as held,
           if(absent_at is null, 'unknown', 'inventory') as basis
    from core.assignment_generation where until is null or until > seen_at
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, before_at as marked_at, 3 as seq, false as held, 'inventory' as basis
    from event where before_at is not null and not listed_before
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, after_at as marked_at, 3 as seq, listed_after as held, 'inventory' as basis
    from event
    union all by name
    select source, account_id, entitlement_id, path_kind, via_id, greatest(until, since) as marked_at, 4 as seq, false as held, 'platform' as basis
    from core.assignment_generation where until < coalesce(gone_at, 'infinity'::timestamp) and until <= getvariable('as_of')
)
select distinct account_id, entitlement_id, path_kind, via_id, marked_at, seq, held, basis, source from mark
order by account_id, entitlement_id, path_kind, via_id, marked_at, seq, held, basis
