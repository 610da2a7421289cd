-- candidate: a grantable entitlement that an employed person, or one who will start, lacks while many peers hold it, or use it
-- where use is seen.
-- What a suggested group or role would open is left to the group. Of more than forty the best ranked are kept.
-- grain: identity_key, entitlement_key
-- column level: of the narrowest group that suggests it
with popular as materialized ( -- before any person is looked at: a group has thousands of entitlements, and few that many hold
    select z.level, z.group_key, z.source, s.entitlement_key
    from marts.peer_share as s
    join marts.grantable as a using (entitlement_key)
    join core.entitlement as e using (entitlement_key)
    join marts.peer_size as z on z.group_id = s.group_id and z.source = e.source
    where z.n >= (select coalesce(min(min_peers), 5) from config.policy) and coalesce(s.k_use, s.k) >= 0.3 * z.n
),
suggested as (
    select g.identity_key, p.entitlement_key, max(g.level) as level
    from popular as p
    join marts.peer_group as g using (level, group_key)
    join marts.grant_person using (identity_key)
    semi join core.identity_source as i on i.identity_key = g.identity_key and i.source = p.source
    group by g.identity_key, p.entitlement_key
    union all
    select identity_key, entitlement_key, level from marts.hire_candidate
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
left join marts.grant_rank as r on r.identity_key = l.identity_key and r.entitlement_key = l.entitlement_key and r.rank <= 20
qualify row_number() over (partition by l.identity_key order by r.rank nulls last, l.level desc, l.entitlement_key) <= 40
order by l.identity_key, l.entitlement_key
