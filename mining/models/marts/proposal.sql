-- proposal: the verdicts that are worth a person's time, with the codes of their claims, whose values stand in marts.evidence; the
--   words are added by marts.draft.
-- grain: recommendation_id
-- column codes: claims in the order of their weight
-- column confidence: high, medium or low; high needs a fit on the tenant's own history, or a fact of HR; built-in coefficients
--   alone give low below 180 covered days of silence, for on a small tenant of real people they are too sure. Where a backtest has
--   judged enough, by the score from which it reached the precision asked for (marts.threshold); else by that precision itself
-- column raw_score: before calibration; thresholds are held against it
-- column score: probability that the action is right, 0 to 1, through marts.calibration where a backtest filled it
-- column fit: of the idle model, as in marts.calibration; empty where the verdict does not rest on it
-- column firm: the raw score as it is held against the threshold of high: a level that was given the night before is kept until
--   the score is past the threshold by the policy's hysteresis
-- column fair: the same for medium
with judged as (
    select v.* exclude (score), v.score as raw_score, e.* exclude (identity_id, entitlement_id, account_id),
           case when v.basis in ('idle', 'never_used') then e.idle_fit else '' end as fit,
           sha256(v.identity_id || chr(0) || v.entitlement_id || chr(0) || v.action)[:16] as recommendation_id
    from marts.verdict as v join marts.evidence as e using (identity_id, entitlement_id)
),
slackened as (
    select j.*, coalesce(round(1 - (k.at_low + (1 - j.raw_score - k.low) / (k.high - k.low) * (k.at_high - k.at_low)), 6), j.raw_score) as score,
           j.raw_score + c.hysteresis * case l.confidence when 'high' then 1 when 'medium' then -1 else 0 end as firm,
           j.raw_score + c.hysteresis * (coalesce(l.confidence, '') in ('high', 'medium'))::integer as fair
    from judged as j cross join config.policy as c
    left join (select recommendation_id, confidence from marts.advised_before) as l using (recommendation_id)
    left join marts.calibration as k on k.kind = j.basis and k.fit = j.fit and 1 - j.raw_score >= k.low and 1 - j.raw_score < k.high
),
bound as ( -- where a backtest has judged enough of a kind, its thresholds count: null where no score reached the precision
    select basis, fit, max(score) filter (confidence = 'high') as high_from, max(score) filter (confidence = 'medium') as medium_from
    from marts.threshold where rests_on = 'backtest' group by basis, fit
),
chosen as (
    select s.*,
        case when bar is not null then 'low'
             when basis in ('left', 'contract_ended', 'contract_ends') then 'high'
             when basis = 'peers' then case when firm >= grant_precision and peers >= 8 and covered_days >= 60 and peer_users is not null
                  then 'high' when fair >= grant_precision - 0.1 then 'medium' else 'low' end
             when b.basis is not null then case when firm >= b.high_from and coalesce(idle_method, '') <> 'prior' then 'high'
                  when fair >= b.medium_from then 'medium' else 'low' end
             when basis = 'mover' then 'medium'
             when firm >= revoke_precision and idle_method = 'fitted' then 'high'
             when fair >= revoke_precision - 0.05 and (idle_method in ('fitted', 'recency') or quiet_days >= 180) then 'medium' else 'low' end as confidence
    from slackened as s left join bound as b using (basis, fit)
)
select recommendation_id, action, basis, bar, confidence, identity_id, account_id, source, entitlement_id, entitlement_name, entitlement_kind,
    held, path_list, owner, raw_score, score, fit, firm, fair,
    list_filter([
        case when bar = 'grace' then 'in_grace' else bar end,
        case when basis in ('left', 'contract_ended', 'contract_ends') then basis end,
        case when basis = 'mover' then 'moved' end, case when basis = 'mover' then 'old_team' end,
        case when basis = 'peers' then case when peer_users is not null then 'peers_use' else 'peers_hold' end end,
        case when basis = 'peers' and hire_date > getvariable('as_of')::date then 'future_hire'
             when basis = 'peers' and hire_date > getvariable('as_of')::date - 90 then 'new_hire' end,
        case when basis = 'idle' then 'idle_quiet' when basis = 'never_used' and coalesce(failures, 0) > 0 then 'failed_only'
             when basis = 'never_used' then 'idle_never' end,
        case when held and basis in ('idle', 'never_used') and signal = 'via_app' then 'via_app' end,
        case when basis = 'idle' and idle_method = 'recency' then 'idle_recency'
             when basis in ('idle', 'never_used') and idle_method <> 'recency' then 'idle_score' end,
        case when basis = 'idle' and longest_gap > 0 and active_days > 1 then 'own_pace' end,
        case when held and peer_share < 0.25 and peers > 0 then 'rare_among_peers' end,
        case when basis in ('idle', 'never_used') and peer_share >= 0.25 and peer_users is not null then 'peers_use' end,
        case when basis in ('idle', 'never_used') and holders > 1 then 'holders_active' end,
        case when basis <> 'mover' and moved_on > getvariable('as_of')::date - 365 and held then 'moved' end,
        case when held and not removable and by_rule then 'path_rule' when held and not removable and by_nesting then 'path_nested'
             when held and removable then 'path_direct' end,
        case when privileged then 'privileged' end, case when monthly_cost > 0 then 'licence_cost' end,
        case when held and signal = 'none' then 'no_signal' end,
        case when basis in ('idle', 'never_used') then 'coverage' end,
        case when basis in ('idle', 'never_used') and gap_days > 0 then 'gap_days' end,
        case when basis in ('idle', 'never_used') and covered_days < 45 then 'short_history' end,
        case when basis in ('idle', 'never_used') and idle_method = 'prior' then 'prior_fit' end
    ], lambda c: c is not null) as codes
from chosen
where (bar is not null or confidence <> 'low')
order by recommendation_id
