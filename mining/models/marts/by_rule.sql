-- by_rule: revokes of low risk that a rule of the configuration (export.by_rule, none by default) approves in a person's place.
-- Only where a backtest on the tenant's own history shows the rule's precision; nothing privileged, nothing that opens what is,
-- nothing that cannot be undone or takes something else with it.
-- grain: recommendation_id
-- column rule: the name of the rule
-- column asked: the precision that the rule asks for, 0 to 1
-- column low: lower end of the 90 % interval of the precision that the backtest shows; n: verdicts that it judged
-- check calibrated: select recommendation_id from marts.by_rule where low < asked
-- check people decide: select b.recommendation_id from marts.by_rule as b join marts.undrafted as u using (recommendation_id) join core.entitlement as e using (entitlement_id) where e.privileged
with privileged as (
    select entitlement_id from core.entitlement where privileged
    union select o.entitlement_id from core.entitlement_opens as o join core.entitlement as e on e.entitlement_id = o.opens_id where e.privileged
)
select u.recommendation_id, r.rule, r."precision" as asked, t.low, t.n
from marts.undrafted as u
semi join marts.cohort as c on c.identity_id = u.identity_id
anti join marts.left_out as o on o.recommendation_id = u.recommendation_id
anti join privileged as v on v.entitlement_id = u.entitlement_id
join marts.proposal as p on p.recommendation_id = u.recommendation_id
join marts.removability as m on m.recommendation_id = u.recommendation_id
join config.by_rule as r on r.basis = u.basis and r.kind = u.entitlement_kind
join marts.threshold as t on t.basis = u.basis and t.fit = p.fit and t.confidence = 'high'
where u.action = 'revoke' and u.confidence = 'high' and u.export_from <= getvariable('as_of')::date
  and m.risk = 'reversible' and coalesce((m.removability ->> '$.effect_count')::integer, 0) = 0
  and t.rests_on = 'backtest' and p.raw_score >= t.score and t.low >= r."precision"
qualify row_number() over (partition by u.recommendation_id order by r."precision" desc, r.rule) = 1
order by u.recommendation_id
