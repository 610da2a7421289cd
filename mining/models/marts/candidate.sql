-- candidate: an entitlement that an employed person lacks while many peers hold and use it.
-- grain: identity_key, entitlement_key
-- column level: of the narrowest group that suggests it
with hopeful as (
    select i.identity_key from core.identity as i
    where i.kind = 'person' and i.accounts > 0 and i.employment in ('active', 'pending', 'unknown')
),
suggested as (
    select g.identity_key, s.entitlement_key, max(g.level) as level
    from marts.peer_group as g
    join hopeful as h using (identity_key)
    join marts.peer_size as z on z.level = g.level and z.group_key = g.group_key
    join marts.peer_share as s on s.group_id = z.group_id
    where z.n >= (select coalesce(min(min_peers), 5) from config.policy) and coalesce(s.k_use, s.k) >= 0.3 * z.n
    group by g.identity_key, s.entitlement_key
)
select s.identity_key, s.entitlement_key, s.level
from suggested as s
join core.entitlement as e using (entitlement_key)
anti join core.holding as h on h.identity_key = s.identity_key and h.entitlement_key = s.entitlement_key
where e.present and not e.privileged
qualify row_number() over (partition by s.identity_key order by s.level desc, s.entitlement_key) <= 40
order by s.identity_key, s.entitlement_key
