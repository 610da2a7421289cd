-- decision_case: a decision, what was advised when it was made, and what has followed it.
-- grain: decision_id
-- column reviewer: as served; empty when nobody is named
-- column advised: the action that stood advised at the decision; null when none did. Known from the nights on which winnow ran
-- column basis: of that advice; fit and raw_score likewise, see marts.advice
-- column used_on: first day after it on which the person used it, or an app that it opens, within the horizon; after a denial not
--   within the first 14 days, in which it may still have been open
-- column regranted_on: first day within 180 on which it was given again after a denial, or a week before it was approved again:
--   within a week several reviewers of one campaign may decide
-- column over: the horizon is over, the log covers four fifths of it, shows this use, and the person has not left: no use means none
with paired as (
    select d.decision_id, d.source, coalesce(d.reviewer, '') as reviewer, d.decided_at, d.decided_at::date as day, d.decision, d.account_id,
           i.identity_id, i.identity_key, i.left_on, e.entitlement_id, e.entitlement_key, e.source as held_in, e.signal, e.observed, c.horizon_days
    from core.decision as d
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    join core.entitlement as e on e.entitlement_id = d.entitlement_id
    cross join (select coalesce(min(horizon_days), 90) as horizon_days from config.policy) as c
    where d.decided_at < getvariable('as_of')
),
stood as (
    select p.decision_id, max_by(a, a.first_as_of) as a
    from paired as p join lake.last_advice as a using (identity_id, entitlement_id)
    where a.first_as_of <= p.decided_at and coalesce(a.ended_as_of > p.decided_at, true)
    group by p.decision_id
),
opened as (
    select p.decision_id, p.identity_key, p.day, p.decision, p.horizon_days, t.entitlement_key, t.observed
    from paired as p join core.entitlement_opens as o using (entitlement_id) join core.entitlement as t on t.entitlement_id = o.opens_id
    union all
    select decision_id, identity_key, day, decision, horizon_days, entitlement_key, observed or signal = 'via_app' from paired
),
used as (
    select o.decision_id, min(u.day) as used_on
    from opened as o join core.use_day as u using (identity_key, entitlement_key)
    where u.day > o.day + if(o.decision = 'deny', 14, 0) and u.day <= o.day + o.horizon_days
    group by o.decision_id
),
dark as (select decision_id from opened group by decision_id having not bool_and(observed)),
again as (
    select p.decision_id, min(r.given_at)::date as regranted_on
    from paired as p
    join (select account_id, entitlement_id, occurred_at as given_at from core.assignment_event where action = 'grant'
          union all select account_id, entitlement_id, decided_at - interval 7 day from core.decision where decision = 'approve') as r
      on r.account_id = p.account_id and r.entitlement_id = p.entitlement_id
    where p.decision = 'deny' and r.given_at > p.decided_at and r.given_at <= p.decided_at + interval 180 day
    group by p.decision_id
)
select p.decision_id, p.source, p.reviewer, p.decided_at, p.decision, p.identity_key, p.entitlement_key, s.a.action as advised,
       s.a.basis as basis, s.a.fit as fit, s.a.raw_score as raw_score, u.used_on, g.regranted_on,
       p.signal <> 'none' and p.observed and d.decision_id is null and p.day + p.horizon_days < getvariable('as_of')::date
         and coalesce(p.left_on > p.day + p.horizon_days, true)
         and coalesce(z.before - a.before, 0) >= 0.8 * p.horizon_days as over
from paired as p
left join stood as s using (decision_id)
left join used as u using (decision_id)
left join dark as d using (decision_id)
left join again as g using (decision_id)
left join core.covered_before as a on a.source = p.held_in and a.day = p.day + 1
left join core.covered_before as z on z.source = p.held_in and z.day = p.day + p.horizon_days + 1
order by p.decision_id
