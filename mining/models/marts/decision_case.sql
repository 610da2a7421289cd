-- decision_case: a decision, what was advised when it was made, and what has followed it.
-- grain: decision_id
-- column advised: the action that stood advised at the decision; null when none did; basis, fit and raw_score are that advice's
-- column used_on: first day after it on which the person used it, or an app that it opens, within the horizon; after a denial not
--   within the first 14 days, in which it may still have been open
-- column regranted_on: first day within 180 on which it was given again after a denial, or a week before it was approved again:
--   within a week several reviewers of one campaign may decide
-- column over: the horizon is over, the log covers four fifths of it, shows this use, and the person has not left: no use means none
with paired as (
    select p.*, i.left_on, e.signal, e.observed, c.horizon_days
    from marts.decision_pair as p
    join core.identity as i using (identity_key)
    join core.entitlement as e using (entitlement_key)
    cross join (select coalesce(min(horizon_days), 90) as horizon_days from config.policy) as c
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
          union all select account_id, entitlement_id, decided_at - interval 7 day from core.decision
          where decision = 'approve' and decided_at < getvariable('as_of')) as r
      on r.account_id = p.account_id and r.entitlement_id = p.entitlement_id
    where p.decision = 'deny' and r.given_at > p.decided_at and r.given_at <= p.decided_at + interval 180 day
    group by p.decision_id
)
select p.decision_id, p.source, p.reviewer, p.decided_at, p.decision, p.identity_key, p.entitlement_key, p.advised,
       p.basis, p.fit, p.raw_score, u.used_on, g.regranted_on,
       p.signal <> 'none' and p.observed and d.decision_id is null and p.day + p.horizon_days < getvariable('as_of')::date
         and coalesce(p.left_on > p.day + p.horizon_days, true)
         and coalesce(z.before - a.before, 0) >= 0.8 * p.horizon_days as over
from paired as p
left join used as u using (decision_id)
left join dark as d using (decision_id)
left join again as g using (decision_id)
left join core.covered_before as a on a.source = p.held_in and a.day = p.day + 1
left join core.covered_before as z on z.source = p.held_in and z.day = p.day + p.horizon_days + 1
order by p.decision_id
