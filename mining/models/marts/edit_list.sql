-- edit_list: the changes of marts.edit_step, or the one of marts.edit_grant, gathered for each recommendation.
-- grain: recommendation_id
-- column does: they end the access, or give it
-- column edits: how many
-- column reversible: each can be taken back
-- column bar: kind of the gravest step that is no edit; null where all are
-- column steps: JSON, one object a step, in the order in which they must be made
with told_step as (
    select s.recommendation_id, s.step, s.does, s.kind, s.reversible, m.recommendation_id is null as alone,
           to_json({'kind': s.kind, 'account_id': s.account_id, 'target_id': held_id, 'target_name': held_name, 'target_kind': held_kind, 'via_id': nullif(via_id, ''),
             'via_name': coalesce(r.name, v.name), 'native_ref': native_ref, 'scope': s."scope", 'eligible': s.eligible, 'mastering': s.mastering,
             'passed_over': coalesce(s.passed_over, []), 'privileged': s.privileged,
             'reversible': s.reversible, 'owner': coalesce(r.owner, s.owner), 'expression': r.expression, 'proposal': r.proposal, 'proposed': r.proposed})::varchar as text
    from marts.edit_step as s left join marts.edit_rule as r on s.path_kind = 'rule' and r.rule_id = s.via_id and r.entitlement_id = s.held_id
    left join core.entitlement as v on v.entitlement_id = s.via_id
    left join (select recommendation_id from marts.edit_step where step = 2) as m on m.recommendation_id = s.recommendation_id
)
-- nearly all go by one step: only the others are gathered, since gathering does not spill to disk
select recommendation_id, does, reversible, 1 as edits, if(does, null, kind) as bar, ('[' || text || ']')::json as steps from told_step where alone
union all
select recommendation_id, bool_and(does), bool_and(reversible), count(*)::integer,
       arg_min(kind, list_position(['unknown', 'fixed', 'change_rule', 'ask_owner', 'by_hand'], kind)) filter (not does),
       ('[' || string_agg(text, ',' order by step) || ']')::json
from told_step where not alone group by recommendation_id
union all
select recommendation_id, kind like 'add_%', true, 1, if(kind like 'add_%', null, kind),
       to_json([{'kind': kind, 'account_id': account_id, 'target_id': entitlement_id, 'target_name': name, 'target_kind': entitlement_kind,
         'mastering': mastering, 'privileged': privileged, 'reversible': true, 'owner': owner}])
from marts.edit_grant
order by recommendation_id
