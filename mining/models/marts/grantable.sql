-- grantable: an entitlement that can be given to one person by hand, without passing through another.
-- grain: entitlement_key
-- column direct_share: share of its holders who were given it directly, 0 to 1
with given as (
    select entitlement_key, count(*) as holders, count(*) filter (removable) as directly, bool_or(by_rule) as ruled
    from core.holding group by entitlement_key
),
listing as (select distinct source from core.entitlement where present) -- a source that lists nothing is known by its assignments
select e.entitlement_key, round(g.directly / g.holders, 4) as direct_share
from core.entitlement as e
join given as g using (entitlement_key)
anti join core.rule as r on r.entitlement_id = e.entitlement_id and r.status = 'active'
where (e.present or e.source not in (from listing)) and e.mastering = 'local' and not e.privileged and not g.ruled
  and g.directly >= 0.5 * g.holders
order by e.entitlement_key
