-- account_generation: an account as generations of the inventory list it, a row for each time that it changed.
-- grain: account_id, seen_at
-- column seen_at: UTC, the first generation that lists it so; the as-of time where only today's inventory lists it
-- column nth: 1 for the oldest
-- column absent_at: UTC, the generation before, where that one did not list the account; null otherwise
-- column gone_at: UTC, the first generation that does not list the account any more; null otherwise
with version as (
    select source, account_id, status, department, title, location, created_at, disabled_at, opened_at, before_at, closed_at
    from lake.account_generation
    union all by name
    select source, account_id, status, department, title, location, created_at, disabled_at
    from staging.account where account_id not in (select account_id from lake.account_generation where closed_at is null)
),
dated as (
    select source, account_id, coalesce(status, 'active') as status, nullif(trim(department), '') as department,
           nullif(trim(title), '') as title, nullif(trim(location), '') as location, created_at, disabled_at, before_at, closed_at,
           least(opened_at, getvariable('as_of')) as seen_at
    from version where account_id is not null
    qualify row_number() over (partition by account_id, seen_at order by closed_at desc nulls first, status, department nulls last, title nulls last,
      location nulls last, created_at nulls last) = 1
)
select source, account_id, seen_at, status, department, title, location, created_at, disabled_at, (row_number() over w)::integer as nth,
       if(lag(closed_at) over w is distinct from seen_at, before_at, null) as absent_at,
       if(lead(seen_at) over w is distinct from closed_at, if(closed_at > getvariable('as_of'), getvariable('as_of'), closed_at), null) as gone_at
from dated
window w as (partition by account_id order by seen_at)
order by account_id, seen_at
