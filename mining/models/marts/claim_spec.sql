-- claim_spec: the closed list of claims: each slot of a claim is a column of marts.evidence.
-- grain: code, slot
-- column code: see recommend/codes.yaml
-- column slot: the name of the value in the claim; empty for a claim without values
-- column evidence_column: where the value stands
select code, slot, evidence_column from (values
    ('left', 'effective', 'left_on'), ('contract_ended', 'effective', 'left_on'), ('contract_ends', 'effective', 'contract_end'),
    ('idle_quiet', 'days', 'quiet_days'), ('idle_quiet', 'covered_days', 'covered_days'), ('idle_quiet', 'last_use', 'last_use'),
    ('idle_never', 'days_held', 'held_days'), ('idle_never', 'covered_days', 'exposure_days'),
    ('failed_only', 'failures', 'failures'),
    ('idle_score', 'probability', 'p_use_shown'), ('idle_score', 'horizon_days', 'horizon_days'), ('idle_score', 'method', 'idle_method'),
    ('idle_recency', 'days', 'recency_days'), ('own_pace', 'gap_days', 'longest_gap'),
    ('holders_active', 'active', 'lively_holders'), ('holders_active', 'holders', 'holders'),
    ('peers_hold', 'n', 'peers'), ('peers_hold', 'k', 'peer_holders'), ('peers_hold', 'share', 'peer_share_shown'),
    ('peers_hold', 'low', 'peer_low'), ('peers_hold', 'high', 'peer_high'), ('peers_hold', 'group', 'peer_label'),
    ('peers_use', 'n', 'peers'), ('peers_use', 'k', 'peer_users'), ('peers_use', 'share', 'use_share_shown'),
    ('peers_use', 'low', 'use_low'), ('peers_use', 'high', 'use_high'), ('peers_use', 'group', 'peer_label'),
    ('rare_among_peers', 'n', 'peers'), ('rare_among_peers', 'k', 'peer_holders'), ('rare_among_peers', 'share', 'peer_share_shown'),
    ('rare_among_peers', 'group', 'peer_label'),
    ('moved', 'effective', 'moved_on'), ('moved', 'old_department', 'old_department'), ('moved', 'new_department', 'new_department'),
    ('old_team', 'n', 'old_peers'), ('old_team', 'k', 'old_holders'), ('old_team', 'share', 'old_share'), ('old_team', 'group', 'old_department'),
    ('new_hire', 'effective', 'hire_date'), ('path_direct', '', ''), ('path_rule', 'rule', 'rule_name'), ('path_rule', 'owner', 'rule_owner'),
    ('path_nested', 'via', 'via'), ('path_package', 'via', 'via'), ('licence_cost', 'monthly_cost', 'monthly_cost'), ('privileged', '', ''),
    ('via_app', 'apps', 'app_names'), ('gap_days', 'days', 'gap_days'), ('coverage', 'first_day', 'log_start'),
    ('coverage', 'last_day', 'log_end'), ('coverage', 'covered_days', 'covered_days'), ('short_history', 'covered_days', 'covered_days'),
    ('prior_fit', '', ''), ('on_leave', 'since', 'leave_since'), ('in_grace', 'kind', 'grace'), ('in_grace', 'until', 'grace_until'),
    ('protected', 'rule', 'protected_by'), ('input_old', 'age_days', 'input_age_days'), ('season', 'holders', 'holders'),
    ('yearly_unknown', 'months', 'months'), ('revoked_recently', 'on', 'revoked_on'), ('sod', 'rule', 'sod_rule'), ('no_signal', '', ''),
    ('dismissed', 'on', 'dismissed_on'), ('unlinked', '', ''), ('rhythm_unknown', '', ''), ('future_hire', 'effective', 'hire_date')
) as t(code, slot, evidence_column)
order by code, slot
