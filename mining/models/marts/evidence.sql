-- evidence: everything that a verdict rests on: one row an entitlement that an identity holds, or that its peers suggest, where a
--   rule may have something to say of it (marts.question).
-- grain: identity_id, entitlement_id
-- column held: false when only the peers suggest it
-- column since: first instant of the present holding; null when older than anything known
-- column held_days: days since then, or since the log began
-- column removable: a direct assignment can be taken away for this person alone
-- column only_opened: held only because another held entitlement opens it
-- column p_use: probability of use within horizon_days; null where no log shows the use
-- column p_long: the same, stretched to the configured horizon; the verdict rests on it
-- column peers: members of the narrowest peer group with enough members, the identity left out
-- column peer_share: posterior mean share of holders among them
-- column use_share: posterior mean share of those who use it these days; null where no log shows it
-- column old_share: share of holders in the department that the identity has left
-- column person_quiet: days since the identity was last seen in any log
-- column grace: grant, change or hire; null outside of grace
-- column sod_rule: the rule of separation of duties that giving it would break; null without one
-- column via: what gives it, when it is not direct
-- column dismissed_on: UTC day on which a reviewer last decided on it, within 90 days
with own as (from core.holding semi join marts.question using (identity_key, entitlement_key)), -- small sides for the joins below
still as (from marts.idle semi join marts.question using (identity_key, entitlement_key)),
among as (from marts.peer_view semi join marts.question using (identity_key, entitlement_key)),
old_team as (
    select m.identity_key, s.entitlement_key, s.n as old_peers, s.k as old_holders
    from core.move as m
    join (select distinct group_id, level, group_key from marts.peer_size) as z on z.level = 1 and z.group_key = m.peer_old_department
    join marts.peer_share as s on s.group_id = z.group_id
),
leaving as (select identity_key, max(last_day) as leave_until, max(first_day) as leave_since from core.identity_leave
            where last_day >= getvariable('as_of')::date group by all)
select i.identity_id, n.entitlement_id, p.held, h.account_id, n.source, n.kind as entitlement_kind, n.name as entitlement_name,
       n.privileged, n.monthly_cost, n.owner, n.mastering, n.signal, n.observed, h.since::date as since,
       (getvariable('as_of')::date - coalesce(h.since::date, a.log_start))::integer as held_days,
       h.paths, h.removable, h.by_rule, h.by_nesting, h.only_opened, h.path_list, v.entitlement_name as via, v.opened_apps as via_apps,
       r.name as rule_name, r.owner as rule_owner,
       d.active_days, d.last_use, d.quiet_days, d.exposure_days, d.recency_days, d.longest_gap, d.pace_days, d.leave_days, d.person_quiet,
       d.p_use, d.p_long, round(d.p_use, 2) as p_use_shown, d.method as idle_method, d.fit as idle_fit, coalesce(d.seasonal, false) as seasonal, coalesce(d.starting, false) as starting, d.apps, d.dark_apps, d.holders, d.lively_holders,
       f.failures, t.app_names, coalesce(d.horizon_days, a.horizon_days) as horizon_days, a.covered_days, a.log_start, a.log_end, a.gap_days, a.input_age_days, a.months,
       w.level as peer_level, w.peer_label, w.n as peers, w.k as peer_holders, w.k_use as peer_users, w.share as peer_share,
       round(w.share, 2) as peer_share_shown, w.use_share, round(w.use_share, 2) as use_share_shown,
       round(w.low, 2) as peer_low, round(w.high, 2) as peer_high, round(w.use_low, 2) as use_low, round(w.use_high, 2) as use_high,
       i.kind as identity_kind, i.employment, i.left_on, i.contract_end, i.hire_date, i.protected_by, i.manager_identity_id,
       m.effective as moved_on, m.old_department, m.new_department, o.old_peers, o.old_holders,
       round(o.old_holders / nullif(o.old_peers, 0), 2) as old_share, l.leave_since,
       grace_of(h.since, i.hire_date, m.effective, c.grant_grace_days, c.hire_grace_days, c.change_grace_days) as grace,
       case when h.since > getvariable('as_of') - to_days(c.grant_grace_days) then h.since::date + c.grant_grace_days
            when i.hire_date > getvariable('as_of')::date - c.hire_grace_days then i.hire_date + c.hire_grace_days
            when m.effective > getvariable('as_of')::date - c.change_grace_days then m.effective + c.change_grace_days end as grace_until,
       g.revoked_at::date as revoked_on, z.rule as sod_rule, y.decided_on as dismissed_on
from marts.question as p
join core.identity as i using (identity_key)
join core.entitlement as n using (entitlement_key)
cross join config.policy as c
left join own as h using (identity_key, entitlement_key)
left join marts.holding_via as v using (identity_key, entitlement_key)
left join core.rule as r on r.rule_id = v.rule_id and r.entitlement_id = n.entitlement_id
left join still as d using (identity_key, entitlement_key)
left join marts.opened_name as t using (entitlement_key)
left join marts.failed_use as f using (identity_key, entitlement_key)
left join marts.source_age as a on a.source = n.source
left join among as w using (identity_key, entitlement_key)
left join core.move as m using (identity_key)
left join old_team as o using (identity_key, entitlement_key)
left join leaving as l using (identity_key)
left join marts.last_revoke as g using (identity_key, entitlement_key)
left join marts.sod_bar as z on z.identity_key = p.identity_key and z.entitlement_key = p.entitlement_key
left join core.dismissal as y on y.identity_id = i.identity_id and y.entitlement_id = n.entitlement_id
order by p.identity_key, p.entitlement_key
