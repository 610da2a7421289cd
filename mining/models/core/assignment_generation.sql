-- assignment_generation: a span in which generations of the inventory listed an assignment, of all that log or inventory saw change.
-- What is not here was listed from the first generation to the newest, and no event speaks of it.
-- grain: account_id, entitlement_id, path_kind, via_id, seen_at
-- column seen_at: UTC, the first generation of the span
-- column absent_at: UTC, the generation before it, which did not list it; null where there is none
-- column gone_at: UTC, the first generation that does not list it any more, or the platform's date of a new assignment that follows; null while listed
-- column since: UTC, the platform's own date
-- column until: UTC, when it ends by itself
with version as not materialized (
    select source, account_id, entitlement_id, path_kind, coalesce(via_id, '') as via_id, native_ref, since, until, eligible,
           least(opened_at, getvariable('as_of')) as opened_at,
           if(before_at > getvariable('as_of'), getvariable('as_of'), before_at) as before_at, if(closed_at > getvariable('as_of'), getvariable('as_of'), closed_at) as closed_at
    from lake.assignment_edge_generation
    union all by name
    select source, account_id, entitlement_id, path_kind, coalesce(via_id, '') as via_id, native_ref, since, until, eligible,
           getvariable('as_of') as opened_at
    from staging.assignment_edge where list_contains(getvariable('unfollowed_assignment_edge'), source)
),
changed as (
    select account_id, entitlement_id from version
    where before_at is not null or closed_at is not null or until <= getvariable('as_of')
    union select account_id, entitlement_id from core.assignment_turn
),
listed as ( -- one row where a source lists an assignment twice
    select source, account_id, entitlement_id, path_kind, via_id, opened_at, min(native_ref) as native_ref, min(since) as since,
           if(bool_or(until is null), null, max(until)) as until, coalesce(bool_and(eligible), false) as eligible,
           min(before_at) as before_at, if(bool_or(closed_at is null), null, max(closed_at)) as closed_at
    from version semi join changed using (account_id, entitlement_id)
    where account_id is not null and entitlement_id is not null group by all
),
step as ( -- fresh: the generation before did not list it; anew: it did, yet the platform gave it anew since
    select *, opened_at is distinct from lag(closed_at) over w as fresh,
           not fresh and since > lag(since) over w and since > before_at as anew
    from listed window w as (partition by account_id, entitlement_id, path_kind, via_id order by opened_at)
),
counted as (
    select *, count(*) filter (fresh or anew) over (partition by account_id, entitlement_id, path_kind, via_id
             order by opened_at rows unbounded preceding) as span
    from step
),
span as (
    select source, account_id, entitlement_id, path_kind, via_id, span, min(opened_at) as seen_at, bool_or(anew) as anew,
           min(before_at) filter (fresh) as absent_at, if(bool_or(closed_at is null), null, max(closed_at)) as gone_at,
           min(since) as since, last(until order by opened_at) as until, last(native_ref order by opened_at) as native_ref,
           last(eligible order by opened_at) as eligible
    from counted group by all
)
select * exclude (span, anew) replace (if(lead(anew) over w, lead(since) over w, gone_at) as gone_at)
from span window w as (partition by account_id, entitlement_id, path_kind, via_id order by span)
order by account_id, entitlement_id, path_kind, via_id, seen_at
