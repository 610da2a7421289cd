-- removability: the ways by which the access is held, the smallest edit that truly takes it away, what goes with it, and whether it
--   can be undone. The edit's models: marts.path_root, marts.edit_step, marts.edit_effect, marts.edit_list.
-- grain: recommendation_id
-- column verdict: remove (the edits end it); entangled (they do, and take something with them that is used); change_rule (a rule gives
--   it); ask_owner (it is decided elsewhere); by_hand (no request is known); fixed (nobody can be taken out); unknown (what gives it is
--   not known); give (a grant, which one edit makes); null where nothing is advised
-- column edits: changes that it takes, 0 where it is not for an edit
-- column risk: reversible, irreversible or unknown
-- column removability: JSON {verdict, paths: [{path_kind, via_id, via_name, native_ref, removable}], reversible, edits, effects, effect_count}
-- check edits: select recommendation_id from marts.removability where verdict in ('remove', 'entangled') and edits = 0
with way as (
    select recommendation_id, len(path_list) = 1 as alone, unnest(path_list) as way from marts.proposal where held
),
told_path as (
    select p.recommendation_id, p.alone, p.way.kind as kind, p.way.via as via, to_json({'path_kind': way.kind, 'via_id': way.via,
               'via_name': coalesce(e.name, r.name), 'native_ref': way.ref, 'removable': way.kind = 'direct'})::varchar as text
    from way as p
    left join core.entitlement as e on e.entitlement_id = p.way.via
    left join (select rule_id, min(name) as name from core.rule group by all) as r on r.rule_id = p.way.via
),
path as ( -- most are held by one path, and go by one step: only the others need gathering, which does not fit into memory for all
    select recommendation_id, text as paths from told_path where alone
    union all select recommendation_id, string_agg(text, ',' order by kind, via) from told_path where not alone group by recommendation_id
),
told_effect as (
    select x.recommendation_id, x.account_id, x.entitlement_id, use = 'used' and not (follows or advised or coalesce(f.final, false)) as needed,
           m.recommendation_id is null as alone, to_json({'step': step, 'account_id': x.account_id, 'entitlement_id': x.entitlement_id, 'name': name, 'kind': kind,
             'follows': follows, 'with_others': with_others, 'use': use, 'advised': advised})::varchar as text
    from marts.edit_effect as x
    left join (select recommendation_id, any_value(final) as final from marts.edit_pair group by all) as f using (recommendation_id)
    left join (select recommendation_id from marts.edit_effect group by all having count(*) > 1) as m on m.recommendation_id = x.recommendation_id
),
effect as (
    select recommendation_id, 1 as effect_count, needed, text as effects from told_effect where alone
    union all
    select recommendation_id, any_value(n)::integer, bool_or(needed), string_agg(text, ',' order by nth) filter (nth <= 200)
    from (select *, row_number() over (partition by recommendation_id order by account_id, entitlement_id) as nth,
                 count(*) over (partition by recommendation_id) as n from told_effect where not alone)
    group by recommendation_id
),
judged as (
    select p.recommendation_id, case when p.bar is not null then null when not p.held then if(e.does, 'give', 'by_hand') when e.bar is not null then e.bar
             when f.needed then 'entangled' when e.does then 'remove' else 'unknown' end as verdict,
           if(e.does, e.edits, 0) as edits, case when p.held and e.does then e.reversible when p.entitlement_kind = 'app' and p.held then false
             when p.entitlement_kind in ('group', 'directory_role', 'app_role', 'access_package') or not p.held then true end as reversible,
           coalesce(w.paths, '') as paths, coalesce(e.steps::varchar, '[]') as steps, coalesce(f.effects, '') as effects, coalesce(f.effect_count, 0) as effect_count
    from marts.proposal as p left join path as w using (recommendation_id) left join marts.edit_list as e using (recommendation_id)
    left join effect as f using (recommendation_id)
)
select recommendation_id, verdict, coalesce(edits, 0) as edits, case when reversible then 'reversible' when not reversible then 'irreversible' else 'unknown' end as risk,
       ('{"verdict":' || coalesce('"' || verdict || '"', 'null') || ',"paths":[' || paths || '],"reversible":' || coalesce(reversible::varchar, 'null')
         || ',"edits":' || steps || ',"effects":[' || effects || '],"effect_count":' || effect_count || '}')::json as removability
from judged
order by recommendation_id
