-- path_root: what keeps an account in an entitlement, traced back to what can end by itself. Access is gone when every root of it is
--   gone, and no earlier. For the pairs of marts.edit_pair, and for whatever else rests on a root of theirs.
-- grain: account_id, entitlement_id, root_id
-- column root_id: names the root within the account: its kind and the entitlement, rule or package. A package is one root of all it holds
-- column held_id: the entitlement that the root gives; another than entitlement_id where that follows from it
-- column path_kind: direct, rule, package, or unknown where what gives it is not held in any way that is known
-- column via_id: the rule or package; for unknown what is said to give it; empty for direct
-- check rooted: select account_id, entitlement_id from marts.edit_pair except select account_id, entitlement_id from marts.path_root
with way as (from core.assignment semi join marts.edit_pair using (account_id)),
given as (
    select w.account_id, w.entitlement_id as held_id, if(e.kind = 'access_package' and w.path_kind = 'direct', 'package', w.path_kind) as path_kind,
           if(e.kind = 'access_package' and w.path_kind = 'direct', w.entitlement_id, w.via_id) as via_id, w.native_ref, w.eligible,
           case when e.kind = 'access_package' and w.path_kind = 'direct' then concat('package ', w.entitlement_id)
                when w.path_kind = 'package' then concat('package ', w.via_id)
                when w.path_kind = 'rule' then concat('rule ', w.via_id, ' ', w.entitlement_id) else concat('direct ', w.entitlement_id) end as root_id
    from way as w join core.entitlement as e using (entitlement_id) where w.path_kind in ('direct', 'rule', 'package')
),
inside as ( -- given, or a member of a group inside
    select held_id as entitlement_id, '' as by_id, * from given
    union all by name
    select w.entitlement_id, w.via_id as by_id, g.* from way as w join given as g on g.account_id = w.account_id and g.held_id = w.via_id
    where w.path_kind = 'nested'
),
opened as ( -- what a group opens to direct members only does not rest on the groups inside it
    select w.entitlement_id, w.via_id as by_id, i.* exclude (entitlement_id, by_id)
    from way as w join inside as i on i.account_id = w.account_id and i.entitlement_id = w.via_id
    left join core.entitlement_opens as o on o.entitlement_id = w.via_id and o.opens_id = w.entitlement_id
    where w.path_kind = 'group' and (i.by_id = '' or not coalesce(o.direct_only, false))
),
traced as (from inside union all by name from opened),
lost as ( -- said to be given by what is not known to be held
    select w.account_id, w.entitlement_id, w.entitlement_id as held_id, 'unknown' as path_kind, w.via_id, w.native_ref, w.eligible,
           concat('unknown ', w.via_id, ' ', w.entitlement_id) as root_id
    from way as w anti join traced as t on t.account_id = w.account_id and t.entitlement_id = w.entitlement_id and t.by_id = w.via_id
    where w.path_kind in ('nested', 'group')
),
rooted as (from traced union all by name from lost),
cut as (select distinct account_id, root_id from rooted semi join marts.edit_pair using (account_id, entitlement_id)),
shared as (select distinct account_id, entitlement_id from rooted semi join cut using (account_id, root_id))
select account_id, entitlement_id, root_id, any_value(held_id) as held_id, any_value(path_kind) as path_kind, any_value(via_id) as via_id,
       min(native_ref) as native_ref, bool_and(eligible) as eligible
from rooted semi join shared using (account_id, entitlement_id)
group by account_id, entitlement_id, root_id
order by account_id, entitlement_id, root_id
