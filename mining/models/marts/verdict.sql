-- verdict: what the rules conclude from the evidence, pair by pair, where there is anything to say.
-- grain: identity_id, entitlement_id
-- column action: revoke, grant, change_rule or abstain
-- column basis: left, contract_ended, contract_ends (within policy.contract_end_days), idle, never_used, mover, peers; for abstain what forbids a verdict
-- column score: probability that the action is right, 0 to 1, before calibration; a grant that rests on holding alone
--   never reaches medium confidence where logs would show use
with judged as (
    select e.*, c.revoke_precision, c.grant_precision, 1 - e.p_long as idle_score,
           e.removable or e.by_rule or e.by_nesting as editable,
           e.dark_apps = 0 and e.observed and e.signal <> 'none' as visible,
           e.held and e.moved_on is not null and (e.since is null or e.since < e.moved_on) and e.old_share >= 0.4
             and e.old_peers >= c.min_peers and e.peer_level >= 1 and e.peer_share < 0.25 as leftover,
           coalesce(e.exposure_days, e.covered_days, 0) as seen_days
    from marts.evidence as e cross join config.policy as c
),
based as (
    select *,
        case when held and not only_opened and employment = 'terminated' then 'left'
             when held and not only_opened and employment = 'contract_ended' then 'contract_ended'
             when held and not only_opened and employment in ('active', 'leave') and contract_end >= getvariable('as_of')::date
              and contract_end < getvariable('as_of')::date + (select coalesce(max(contract_end_days), 0) from config.policy) then 'contract_ends'
             when held and not only_opened and visible and active_days > 0 and idle_score >= 0.8 then 'idle'
             when held and not only_opened and visible and active_days = 0 and idle_score >= 0.8 then 'never_used'
             when leftover and not only_opened and (not visible or idle_score >= 0.5) then 'mover'
             when not held and employment in ('active', 'unknown', 'pending') and coalesce(use_share, peer_share) >= 0.6
              and peers >= (select min(min_peers) from config.policy) then 'peers' end as basis
    from judged
),
barred as (
    select *,
        case when basis is null or basis in ('left', 'contract_ended', 'contract_ends') and protected_by is null then null
             when held and protected_by is not null then 'protected'
             when identity_kind = 'machine' then 'protected'
             when basis in ('idle', 'never_used') and input_age_days > (select max(max_input_age_days) from config.policy) then 'input_old'
             when basis in ('idle', 'never_used') and unaccounted(employment, person_quiet, (select count(*) from core.worker)) then 'unlinked'
             when held and (leave_since is not null or employment = 'leave') then 'on_leave'
             when held and grace is not null then 'grace'
             when basis in ('idle', 'never_used') and starting or basis = 'never_used' and slow_tool(exposure_days, pace_days) then 'rhythm_unknown'
             when basis in ('idle', 'never_used') and seasonal then 'season'
             when basis in ('idle', 'never_used') and unknown_year(quiet_days, longest_gap, pace_days, months) then 'yearly_unknown'
             when basis = 'peers' and revoked_on > getvariable('as_of')::date - 180 then 'revoked_recently'
             when basis = 'peers' and sod_rule is not null then 'sod'
             when dismissed = if(held, 'revoke', 'grant') and basis not in ('left', 'contract_ended', 'contract_ends')
              and coalesce(dismissed_basis = basis, true) and coalesce(moved_on <= decided_on, true) then 'dismissed' end as bar
    from based
    left join (select identity_id, entitlement_id, action as dismissed, basis as dismissed_basis, decided_on from core.dismissal) as x
      using (identity_id, entitlement_id)
    where basis is not null
)
select identity_id, entitlement_id, account_id, basis, bar,
       case when bar is not null then 'abstain' when basis = 'peers' then 'grant'
            when not removable or by_rule then 'change_rule' else 'revoke' end as action,
       round(case basis when 'left' then 0.995 when 'contract_ended' then 0.99 when 'contract_ends' then 0.98 when 'mover' then greatest(0.8, coalesce(idle_score, 0))
             when 'peers' then coalesce(use_share, least(peer_share, case when covered_days > 0 then 0.78 else 0.85 end)) else idle_score end, 6) as score,
       revoke_precision, grant_precision
from barred
order by identity_id, entitlement_id
