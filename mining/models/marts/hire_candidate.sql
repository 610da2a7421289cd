-- hire_candidate: what somebody who will start, and has no account yet, would come to share with the peers: people of the
-- department, or a narrower group of the configured chain, that HR has them join.
-- grain: identity_key, entitlement_key
-- column level: of the narrowest group with enough members, at least 1: what everyone has does not make a package
-- column members: of the group, with an account anywhere; at least four in five of them have one in the entitlement's source
-- column k: members who hold it, or use it where use is seen: at least three in ten
-- check privileged: select identity_key from marts.hire_candidate join core.entitlement using (entitlement_key) where privileged
with hire as (
    select g.identity_key, g.level, g.group_key
    from core.identity as i join marts.peer_group as g using (identity_key)
    where i.kind = 'person' and i.employment = 'pending' and i.accounts = 0 and i.protected_by is null and g.level > 0
),
size as (
    select g.level, g.group_key, (count(*) filter (g.member))::integer as members
    from marts.peer_group as g semi join hire as h on h.level = g.level and h.group_key = g.group_key
    group by g.level, g.group_key
),
place as (
    select h.identity_key, z.group_id, z.source, z.level, s.members
    from hire as h
    join size as s using (level, group_key)
    join marts.peer_size as z using (level, group_key)
    where z.n >= (select coalesce(min(min_peers), 5) from config.policy) and z.n >= 0.8 * s.members
    qualify z.level = max(z.level) over (partition by h.identity_key, z.source)
)
select p.identity_key, s.entitlement_key, p.level, p.members, coalesce(s.k_use, s.k) as k
from place as p
join marts.peer_share as s using (group_id)
join core.entitlement as e on e.entitlement_key = s.entitlement_key and e.source = p.source
semi join marts.grantable as a on a.entitlement_key = s.entitlement_key
where coalesce(s.k_use, s.k) >= 0.3 * p.members
order by p.identity_key, s.entitlement_key
