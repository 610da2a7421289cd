-- threshold: the score from which a verdict deserves a confidence: where the backtest shows the precision that the operator
-- asks for, of all that is advised from that score up. Without a backtest the asked precision itself serves, and nothing is high.
-- grain: basis, fit, confidence
-- column basis: idle, never_used, mover, left or contract_ended
-- column fit: of the idle model, where the basis rests on it: fitted, stretched or prior, see marts.calibration; empty elsewhere
-- column confidence: high needs the lower end of the 90 % interval to reach revoke_precision, medium the share itself, less 0.05
-- column score: raw score (before calibration) from which it holds; null when no score does
-- column precision: share of what was advised from that score up that was not used again; null by default
-- column low: lower end of its 90 % interval; n: verdicts that could be judged
-- column rests_on: backtest (at least 100 judged verdicts) or default
with asked as (
    select b.basis, b.fit, c.confidence, coalesce(p.revoke_precision, 0.95) as wanted
    from (values ('idle', 'fitted'), ('idle', 'stretched'), ('idle', 'prior'), ('never_used', 'fitted'), ('never_used', 'stretched'),
                 ('never_used', 'prior'), ('mover', ''), ('left', ''), ('contract_ended', '')) as b(basis, fit)
    cross join (select unnest(['high', 'medium']) as confidence) as c
    cross join (select min(revoke_precision) as revoke_precision from config.policy) as p
),
scored as (
    select basis, coalesce(fit, '') as fit, score, sum(n)::bigint as n, sum(n - hits)::bigint as ok
    from lake.backtest_case where question = 'verdict' and action <> 'grant' and why is null group by all
),
upward as (
    select basis, fit, score, sum(n) over w as n, sum(ok) over w as ok, sum(n) over (partition by basis, fit) as judged
    from scored window w as (partition by basis, fit order by score desc rows unbounded preceding)
),
reached as (
    select a.basis, a.fit, a.confidence, min(u.score) as score
    from asked as a join upward as u using (basis, fit)
    where u.judged >= 100 and u.n >= 30
      and case a.confidence when 'high' then wilson_low(u.ok / u.n, u.n) >= a.wanted else u.ok / u.n >= a.wanted - 0.05 end
    group by a.basis, a.fit, a.confidence
),
judged as (select basis, fit, max(judged) as judged from upward group by basis, fit)
select a.basis, a.fit, a.confidence,
       round(case when j.judged >= 100 then r.score when a.confidence = 'medium' then a.wanted
                  when a.basis in ('left', 'contract_ended') then a.wanted end, 6) as score,
       round(u.ok / u.n, 6) as precision, wilson_low(u.ok / u.n, u.n) as low, coalesce(u.n, j.judged, 0)::bigint as n,
       case when j.judged >= 100 then 'backtest' else 'default' end as rests_on
from asked as a
left join reached as r using (basis, fit, confidence)
left join judged as j using (basis, fit)
left join upward as u on u.basis = r.basis and u.fit = r.fit and u.score = r.score
order by a.basis, a.fit, a.confidence
