-- removability: the ways by which the access is held, the smallest edit that truly takes it away, what goes with it, and whether it
--   can be undone. The edit's models: marts.path_root, marts.edit_step, marts.edit_effect, marts.edit_rule, marts.edit_grant.
-- grain: recommendation_id
-- column verdict: remove (the edits end it); entangled (they do, and take something with them that is used); change_rule (a rule gives
--   it); ask_owner (it is decided elsewhere); by_hand (no request is known); fixed (nobody can be taken out); unknown (what gives it is
--   not known); give (a grant, which one edit makes); null where nothing is advised
-- column edits: changes that it takes, 0 where it is not for an edit
-- column risk: reversible, irreversible or unknown
-- column removability: JSON {verdict, paths: [{path_kind, via_id, via_name, native_ref, removable}], reversible, edits, effects, effect_count}
-- check edits: select recommendation_id from marts.removability where verdict in ('remove', 'entangled') and edits = 0
with way as (select recommendation_id, unnest(path_list) as way from marts.proposal where held),
path as (
    select p.recommendation_id, list({'path_kind': way.kind, 'via_id': way.via, 'via_name': coalesce(e.name, r.name), 'native_ref': way.ref,
               'removable': way.kind = 'direct'} order by way.kind, way.via) as paths
    from way as p
    left join core.entitlement as e on e.entitlement_id = p.way.via
    left join (select rule_id, min(name) as name from core.rule group by all) as r on r.rule_id = p.way.via
    group by p.recommendation_id
),
edit as (
    select s.recommendation_id, bool_and(does) as does, bool_and(s.reversible) as reversible, count(*)::integer as edits,
           arg_min(s.kind, list_position(['unknown', 'fixed', 'change_rule', 'ask_owner', 'by_hand'], s.kind)) filter (not does) as bar,
           list({'kind': s.kind, 'account_id': s.account_id, 'target_id': held_id, 'target_name': held_name, 'target_kind': held_kind, 'via_id': nullif(via_id, ''),
             'via_name': coalesce(r.name, v.name), 'native_ref': native_ref, 'scope': s."scope", 'eligible': s.eligible, 'mastering': s.mastering,
             'passed_over': coalesce(s.passed_over, []), 'privileged': s.privileged,
             'reversible': s.reversible, 'owner': coalesce(r.owner, s.owner), 'expression': r.expression, 'proposal': r.proposal, 'proposed': r.proposed} order by step) as steps
    from marts.edit_step as s left join marts.edit_rule as r on s.path_kind = 'rule' and r.rule_id = s.via_id and r.entitlement_id = s.held_id
    left join core.entitlement as v on v.entitlement_id = s.via_id
    group by s.recommendation_id
),
gift as (
    select recommendation_id, kind like 'add_%' as does, [{'kind': kind, 'account_id': account_id, 'target_id': entitlement_id, 'target_name': name,
             'target_kind': entitlement_kind, 'mastering': mastering, 'privileged': privileged, 'reversible': true, 'owner': owner}] as steps
    from marts.edit_grant
),
effect as (
    select recommendation_id, count(*)::integer as effect_count, bool_or(use = 'used' and not (follows or advised or final)) as needed,
           list({'step': step, 'account_id': account_id, 'entitlement_id': x.entitlement_id, 'name': name, 'kind': kind, 'follows': follows, 'with_others': with_others,
             'use': use, 'advised': advised} order by account_id, x.entitlement_id)[:200] as effects
    from marts.edit_effect as x left join (select distinct recommendation_id, final from marts.edit_pair) using (recommendation_id) group by recommendation_id
),
judged as (
    select p.recommendation_id, p.entitlement_kind, p.held, case when p.bar is not null then null when not p.held then if(g.does, 'give', 'by_hand') when e.bar is not null then e.bar
             when f.needed then 'entangled' when e.does then 'remove' else 'unknown' end as verdict,
           if(e.does, e.edits, if(g.does, 1, 0)) as edits, case when e.does then e.reversible when p.entitlement_kind = 'app' and p.held then false
             when p.entitlement_kind in ('group', 'directory_role', 'app_role', 'access_package') or not p.held then true end as reversible,
           coalesce(w.paths, []) as paths, to_json(e.steps) as steps, to_json(g.steps) as gifts, f.effects, coalesce(f.effect_count, 0) as effect_count
    from marts.proposal as p left join path as w using (recommendation_id) left join edit as e using (recommendation_id)
    left join effect as f using (recommendation_id)
    left join gift as g using (recommendation_id)
)
select recommendation_id, verdict, coalesce(edits, 0) as edits, case when reversible then 'reversible' when not reversible then 'irreversible' else 'unknown' end as risk,
       to_json({'verdict': verdict, 'paths': paths, 'reversible': reversible, 'edits': coalesce(steps, gifts, '[]'::json), 'effects': coalesce(effects, []), 'effect_count': effect_count}) as removability
from judged
order by recommendation_id
