-- holding_via: what gives an identity an entitlement of which a rule may have something to say, when it is not given directly.
-- grain: identity_key, entitlement_key
-- column via_id: the first giver: a rule, a package, a child group or the held entitlement that opens it
-- column entitlement_name: its name
-- column opened_apps: how many entitlements it opens
-- column rule_id: the rule, when it is one
with first as (
    select identity_key, entitlement_key, list_filter(path_list, lambda p: p.kind <> 'direct')[1] as path
    from core.holding join marts.question using (identity_key, entitlement_key)
),
opened as (select entitlement_id, count(*)::integer as opened_apps from core.entitlement_opens group by all)
select f.identity_key, f.entitlement_key, f.path.kind as path_kind, f.path.via as via_id,
       coalesce(e.name, r.name, f.path.via) as entitlement_name, coalesce(o.opened_apps, 0) as opened_apps,
       case when f.path.kind = 'rule' then f.path.via end as rule_id
from first as f
left join core.entitlement as e on e.entitlement_id = f.path.via
left join (select rule_id, min(name) as name from core.rule group by all) as r on r.rule_id = f.path.via
left join opened as o on o.entitlement_id = f.path.via
where f.path is not null
order by f.identity_key, f.entitlement_key
