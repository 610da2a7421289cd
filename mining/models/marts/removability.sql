-- removability: the ways by which the access is held, and whether taking it away can be undone.
-- grain: recommendation_id
-- column removability: JSON {paths: [{path_kind, via_id, via_name, native_ref, removable}], reversible}
-- column risk: reversible, irreversible or unknown
with path as (
    select p.recommendation_id, p.entitlement_kind, unnest(p.path_list) as way from marts.proposal as p where p.held
),
named as (
    select p.recommendation_id, p.way, coalesce(e.name, r.name) as via_name
    from path as p
    left join core.entitlement as e on e.entitlement_id = p.way.via
    left join (select rule_id, min(name) as name from core.rule group by all) as r on r.rule_id = p.way.via
),
listed as (
    select recommendation_id, list({'path_kind': way.kind, 'via_id': way.via, 'via_name': via_name, 'native_ref': way.ref,
               'removable': way.kind = 'direct'} order by way.kind, way.via) as paths
    from named group by all
)
select p.recommendation_id,
       case when p.entitlement_kind in ('group', 'directory_role', 'app_role', 'access_package') or not p.held then 'reversible'
            when p.entitlement_kind = 'app' then 'irreversible' else 'unknown' end as risk,
       to_json({'paths': coalesce(l.paths, []), 'reversible': case when p.entitlement_kind = 'app' and p.held then false
                when p.entitlement_kind in ('group', 'directory_role', 'app_role', 'access_package') or not p.held then true end}) as removability
from marts.proposal as p left join listed as l using (recommendation_id)
order by p.recommendation_id
