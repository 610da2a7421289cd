-- shadow_week: what people decided beside what winnow advised at that moment, week by week: weeks since it first advised anything.
-- grain: week, source
-- column week: the Monday of it, UTC
-- column decisions: made while winnow had an opinion or could have had one
-- column advised: decisions on pairs on which it advised to take away, or to give
-- column followed: decisions among them that did what was advised
-- column silent: decisions on pairs on which it advised nothing; silent_kept: approvals among them
-- column agreement: followed and silent_kept by decisions, 0 to 1
-- column expected: the agreement that would come about by chance with these shares (Cohen 1960)
-- column kappa: (agreement - expected) / (1 - expected): 0 by chance, 1 for always; null where one side never varies
-- column borne_out: decisions among the advised that went against the advice and that use or a re-grant has borne out
-- column advice_right: decisions among the advised that went against the advice and that what followed has refuted
with known as (select min(first_as_of) as since from lake.last_advice),
paired as (
    select date_trunc('week', c.decided_at)::date as week, c.source, c.decision = 'deny' as denied, c.advised is not null as advised,
           c.advised in ('revoke', 'change_rule') as against, l.agreed
    from marts.decision_case as c join marts.decision_label as l using (decision_id) cross join known as k
    where c.decided_at >= k.since
),
counted as (
    select week, source, count(*)::integer as decisions, (count(*) filter (advised))::integer as advised,
           (count(*) filter (advised and denied = against))::integer as followed, (count(*) filter (not advised))::integer as silent,
           (count(*) filter (not advised and not denied))::integer as silent_kept, (count(*) filter (denied))::integer as denied,
           (count(*) filter (coalesce(against, false)))::integer as against,
           (count(*) filter (advised and denied <> against and agreed))::integer as borne_out,
           (count(*) filter (advised and denied <> against and not agreed))::integer as advice_right
    from paired group by week, source
),
rated as (
    select *, (followed + silent_kept) / decisions as po,
           (denied::double * against + (decisions - denied)::double * (decisions - against)) / (decisions::double * decisions) as pe
    from counted
)
select week, source, decisions, advised, followed, silent, silent_kept, round(po, 4) as agreement, round(pe, 4) as expected,
       round((po - pe) / nullif(1 - pe, 0), 4) as kappa, borne_out, advice_right
from rated
order by week, source
