-- candidate: a grantable entitlement that an employed person lacks while many peers hold it, or use it where use is seen.
-- What a suggested group or role would open is left to the group. Of more than forty the best ranked are kept.
-- grain: identity_key, entitlement_key
-- column level: of the narrowest group that suggests it
with suggested as (
    select g.identity_key, s.entitlement_key, max(g.level) as level
    from marts.peer_group as g
    join marts.grant_person using (identity_key)
    join core.identity_source as i using (identity_key)
    join marts.peer_size as z on z.level = g.level and z.group_key = g.group_key and z.source = i.source
    join marts.peer_share as s on s.group_id = z.group_id
    join marts.grantable as a on a.entitlement_key = s.entitlement_key
    join core.entitlement as e on e.entitlement_key = s.entitlement_key and e.source = i.source
    where z.n >= (select coalesce(min(min_peers), 5) from config.policy) and coalesce(s.k_use, s.k) >= 0.3 * z.n
    group by g.identity_key, s.entitlement_key
),
lacking as (
    select s.* from suggested as s
    anti join core.holding as h on h.identity_key = s.identity_key and h.entitlement_key = s.entitlement_key
),
opened as (
    select l.identity_key, t.entitlement_key
    from lacking as l
    join core.entitlement as e using (entitlement_key)
    join core.entitlement_opens as o using (entitlement_id)
    join core.entitlement as t on t.entitlement_id = o.opens_id
)
select l.identity_key, l.entitlement_key, l.level
from lacking as l anti join opened as o on o.identity_key = l.identity_key and o.entitlement_key = l.entitlement_key
left join marts.grant_rank as r on r.identity_key = l.identity_key and r.entitlement_key = l.entitlement_key
qualify row_number() over (partition by l.identity_key order by r.rank nulls last, l.level desc, l.entitlement_key) <= 40
order by l.identity_key, l.entitlement_key
