-- rollout: how far the rollout has come, and what came of what was advised: the measures by which it is widened or stopped. One row.
-- grain: phase
-- column phase: shadow (nothing is exported), pilot (export.scope names some) or everyone
-- column scope: the configured scope in words; empty for everybody
-- column people: identities of people in all; cohort: those within the scope, to whom all that follows is confined
-- column revokes_proposed: pairs whose removal was ever advised firmly, of the nights that are kept (400 days)
-- column revokes_approved: those of which the first decision after the advice took the access away; revokes_kept: it was kept
-- column revokes_gone: those that are not held any more, whoever ended it
-- column grants_proposed: pairs of which a grant was ever advised firmly
-- column tickets_spared: pairs given after a grant was advised, before or without a request: the advice was there first. At most as
--   many tickets are spared
-- column grants_given: all pairs given since anything was first advised
-- column days_to_access: median days from the first day, or the last move, to what was given within 90 days of it
-- column days_to_access_advised: the same of what was advised before it was given
with advised as (
    select identity_id, entitlement_id, if(action = 'grant', 'grant', 'revoke') as action, min(first_as_of) as first_at
    from marts.advice semi join marts.cohort using (identity_id) where action in ('grant', 'revoke') group by all
),
answered as (
    select a.identity_id, a.entitlement_id, arg_min(d.decision, (d.decided_at, d.decision_id)) as decision
    from advised as a join core.account_link as l using (identity_id)
    join core.decision as d on d.account_id = l.account_id and d.entitlement_id = a.entitlement_id
    where a.action = 'revoke' and d.decided_at > a.first_at and d.decided_at < getvariable('as_of') group by all
),
given as (
    select l.identity_id, e.entitlement_id, min(e.occurred_at) as given_at
    from core.assignment_event as e join core.account_link as l using (account_id)
    semi join marts.cohort as c on c.identity_id = l.identity_id
    where e.action = 'grant' and e.occurred_at >= (select min(first_as_of) from marts.advice) group by all
),
dated as (
    select g.*, coalesce(a.first_at < g.given_at, false) as foretold,
           date_diff('day', if(i.moved_on <= g.given_at::date, i.moved_on, i.hire_date), g.given_at::date) as waited
    from given as g join core.identity as i using (identity_id)
    left join (select * from advised where action = 'grant') as a using (identity_id, entitlement_id)
),
tally as (
    select count(*) filter (action = 'revoke') as revokes, count(*) filter (action = 'revoke' and decision = 'deny') as approved,
           count(*) filter (action = 'revoke' and decision = 'approve') as kept,
           count(*) filter (action = 'revoke' and h.identity_id is null) as gone, count(*) filter (action = 'grant') as grants
    from advised as a left join answered as d using (identity_id, entitlement_id)
    left join (select distinct identity_id, entitlement_id from core.holding) as h using (identity_id, entitlement_id)
),
asked as (select coalesce(string_agg(attribute || ' = ' || value, ', ' order by attribute, value), '') as scope from config.scope)
select case when coalesce((select bool_or(shadow) from config.policy), false) then 'shadow' when s.scope <> '' then 'pilot' else 'everyone' end as phase, s.scope,
       (select count(*) from core.identity where kind <> 'machine')::integer as people,
       (select count(*) from marts.cohort semi join (select identity_id from core.identity where kind <> 'machine') using (identity_id))::integer as cohort,
       t.revokes::integer as revokes_proposed, t.approved::integer as revokes_approved, t.kept::integer as revokes_kept, t.gone::integer as revokes_gone,
       t.grants::integer as grants_proposed, (select count(*) from dated where foretold)::integer as tickets_spared, (select count(*) from dated)::integer as grants_given,
       (select median(waited) from dated where waited between 0 and 90)::double as days_to_access,
       (select median(waited) from dated where foretold and waited between 0 and 90)::double as days_to_access_advised
from tally as t cross join asked as s
