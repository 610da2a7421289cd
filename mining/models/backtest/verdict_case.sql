-- verdict_case: a verdict of the cut that would take access away, or give it, and what followed.
-- grain: identity_key, entitlement_key
-- column confidence: high or medium; low for what would not have been shown
-- column fit: of the idle model, where the verdict rests on it: as in marts.idle
-- column used_again: used within the horizon (regret, for a revoke); null where no log shows it
-- column agreed: people removed it within the horizon from somebody who stayed (gave it, for a grant); null when not known
-- column why: why used_again is not judged: unobservable, not_covered, left (the person went before the horizon was over)
with said as (
    select i.identity_key, e.entitlement_key, e.source, e.name as entitlement_name, e.signal, e.observed, i.department,
           v.action, v.basis, case when v.basis in ('idle', 'never_used') then d.fit end as fit, v.score,
           coalesce(p.confidence, 'low') as confidence
    from marts.verdict as v
    join core.identity as i using (identity_id)
    join core.entitlement as e using (entitlement_id)
    left join marts.idle as d using (identity_id, entitlement_id)
    left join (select identity_id, entitlement_id, confidence from marts.proposal where bar is null) as p using (identity_id, entitlement_id)
    where v.bar is null and v.basis <> 'contract_ends' -- use until the end is no regret
),
given as (
    select distinct identity_key, entitlement_key from backtest.spell
    where began >= getvariable('as_of') and began < getvariable('as_of') + to_days(getvariable('judged_days'))
),
judged as (
    select s.* exclude (signal, observed), u.first_use,
           case when s.action = 'grant' then g.identity_key is not null
                when o.entitlement_key is null then null
                when r.ended < getvariable('as_of') + to_days(getvariable('judged_days')) then r.stayed and not r.upheaval
                else false end as agreed,
           case when u.first_use is not null then null
                when s.signal = 'none' or not s.observed then 'unobservable'
                when not j.judged then 'not_covered'
                when s.basis not in ('left', 'contract_ended') and d.left_at < getvariable('as_of') + to_days(getvariable('judged_days'))
                  then 'left' end as why
    from said as s
    left join backtest.used as u using (identity_key, entitlement_key)
    left join backtest.judgeable as j on j.source = s.source
    left join backtest.departure as d using (identity_key)
    left join given as g using (identity_key, entitlement_key)
    left join backtest.removed as r using (identity_key, entitlement_key)
    left join (select distinct identity_key, entitlement_key from backtest.spell
               where coalesce(began < getvariable('as_of'), true) and coalesce(ended > getvariable('as_of'), true)) as o using (identity_key, entitlement_key)
)
select * exclude (first_use), case when first_use is not null then true when why is null then false end as used_again
from judged
order by identity_key, entitlement_key
