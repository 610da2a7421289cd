-- peer_strength: how much a level's groups resemble the next wider group: the strength of the beta-binomial prior.
-- grain: level
-- column rho: intra-class correlation by moments, sum((k-np)^2 - np(1-p)) / sum(n(n-1)p(1-p)), bounded to 0.01–0.9;
--   p is the wider group's share (Kleinman 1973, Proportions with extraneous variance)
-- column strength: the prior's weight in members, 1/rho - 1
with member as (
    select distinct s.group_id, s.source, w.group_id as wider_id, s.level, s.n
    from marts.peer_group as g
    join marts.peer_size as s on s.level = g.level and s.group_key = g.group_key
    join marts.peer_group as v on v.identity_key = g.identity_key and v.level = g.level - 1
    join marts.peer_size as w on w.level = v.level and w.group_key = v.group_key and w.source = s.source
    where s.n > 1
),
cell as (
    select m.level, m.n, coalesce(c.k, 0) as k, w.k / w.n as p
    from member as m
    join marts.peer_share as w on w.group_id = m.wider_id
    join core.entitlement as e on e.entitlement_key = w.entitlement_key and e.source = m.source
    left join marts.peer_share as c on c.group_id = m.group_id and c.entitlement_key = w.entitlement_key
    where w.k < w.n
),
moment as (
    select level, sum(((k - n * p) * (k - n * p) - n * p * (1 - p))::decimal(28, 6))::double as over,
           sum((n * (n - 1) * p * (1 - p))::decimal(28, 6))::double as scale
    from cell group by level
)
select level, round(least(0.9, greatest(0.01, over / nullif(scale, 0))), 6) as rho,
       round(1 / least(0.9, greatest(0.01, over / nullif(scale, 0))) - 1, 6) as strength
from moment
order by level
