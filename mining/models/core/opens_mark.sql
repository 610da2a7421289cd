-- opens_mark: what is known at one instant of one entitlement opening another: it does, or it does not.
-- grain: entitlement_id, opens_id, marked_at, seq, held, basis
-- column marked_at: UTC
-- column held: it opens from then on
-- column seq: order of what is known of the same instant
-- column basis: platform (its own date), log (an event), inventory (a generation), unknown (the first generation lists it)
with listed as (
    select source, entitlement_id, opens_id, since, until, least(opened_at, getvariable('as_of')) as opened_at,
           if(before_at > getvariable('as_of'), getvariable('as_of'), before_at) as before_at, if(closed_at > getvariable('as_of'), getvariable('as_of'), closed_at) as closed_at
    from lake.opens_generation
    union all by name
    select source, entitlement_id, opens_id, since, until, getvariable('as_of') as opened_at
    from staging.opens where list_contains(getvariable('unfollowed_opens'), source)
),
seen as (
    select *, least(closed_at, until, 'infinity'::timestamp) as gone_at, opened_at is distinct from lag(closed_at) over w as fresh,
           closed_at is distinct from lead(opened_at) over w as last
    from listed where entitlement_id is not null and opens_id is not null and entitlement_id <> opens_id
    window w as (partition by entitlement_id, opens_id order by opened_at, since nulls first, until)
),
event as (
    select a.*, coalesce(bool_or(a.before_at >= s.opened_at and a.before_at < s.gone_at), false) as listed_before,
           coalesce(bool_or(a.after_at >= s.opened_at and a.after_at < s.gone_at), false) as listed_after
    from core.opens_turn as a left join seen as s on s.entitlement_id = a.entitlement_id and s.opens_id = a.opens_id group by all
)
select distinct entitlement_id, opens_id, marked_at, seq, held, basis, source from (
    select source, entitlement_id, opens_id, closed_at as marked_at, 0 as seq, false as held, 'inventory' as basis
    from seen where closed_at is not null and last
    union all by name
    select source, entitlement_id, opens_id, occurred_at as marked_at, 1 as seq, held, 'log' as basis from event
    union all by name
    select source, entitlement_id, opens_id, since as marked_at, 2 as seq, true as held, 'platform' as basis
    from seen where since > coalesce(if(fresh, before_at, null), '-infinity'::timestamp)
    union all by name
    select source, entitlement_id, opens_id, since as marked_at, 2 as seq, true as held, 'platform' as basis
    from staging.opens_spell where since is not null
    union all by name
    select source, entitlement_id, opens_id, before_at as marked_at, 3 as seq, false as held, 'inventory' as basis
    from seen where fresh and before_at is not null
    union all by name
    select source, entitlement_id, opens_id, greatest(opened_at, since) as marked_at, 3 as seq, true as held,
           if(before_at is null, 'unknown', 'inventory') as basis
    from seen where until is null or until > opened_at
    union all by name
    select source, entitlement_id, opens_id, unnest(if(before_at is null, [after_at], [before_at, after_at])) as marked_at, 3 as seq,
           unnest(if(before_at is null, [listed_after], [listed_before, listed_after])) as held, 'inventory' as basis
    from event
    union all by name
    select source, entitlement_id, opens_id, greatest(until, since) as marked_at, 4 as seq, false as held, 'platform' as basis
    from (select source, entitlement_id, opens_id, since, until, closed_at from seen
          union all by name select source, entitlement_id, opens_id, since, until from staging.opens_spell)
    where until < coalesce(closed_at, 'infinity'::timestamp) and until <= getvariable('as_of')
)
order by entitlement_id, opens_id, marked_at, seq, held, basis
