-- peer_view: what an identity's peers hold and use, the identity itself left out.
-- grain: identity_key, entitlement_key
-- column level: of the narrowest group with enough members
-- column n: peers in that group, without the identity
-- column k: peers who hold the entitlement
-- column k_use: peers who use it these days; null where no log shows it
-- column share: posterior mean share of holders, shrunk towards the wider groups, 0 to 1
-- column use_share: the same for users
-- column low: lower end of the 90 % Wilson interval of the share with the prior's weight counted as members
-- column high: upper end of it
-- column held: the identity itself holds it
with pair as (
    select identity_key, entitlement_key, true as held from core.holding
    union all
    select c.identity_key, c.entitlement_key, false as held from marts.candidate as c
),
cell as (
    select p.identity_key, p.entitlement_key, p.held, z.level, z.label, l.identity_key is not null as uses,
           greatest(0, z.n - g.member::integer) as n, greatest(0, coalesce(s.k, 0) - (g.member and p.held)::integer) as k,
           greatest(0, coalesce(s.k_use, 0) - (g.member and l.identity_key is not null)::integer) as k_use,
           s.k_use is not null or (e.signal <> 'none' and e.observed) as visible, coalesce(t.strength, 4) as strength
    from pair as p
    join core.entitlement as e using (entitlement_key)
    join marts.peer_group as g using (identity_key)
    join marts.peer_size as z on z.level = g.level and z.group_key = g.group_key and z.source = e.source
    left join marts.peer_share as s on s.group_id = z.group_id and s.entitlement_key = p.entitlement_key
    left join marts.peer_strength as t on t.level = z.level
    left join marts.lively as l on l.identity_key = p.identity_key and l.entitlement_key = p.entitlement_key
),
chain as (
    select identity_key, entitlement_key, any_value(held) as held, any_value(visible) as visible,
           list({'level': level, 'label': label, 'n': n, 'k': k, 'k_use': k_use, 's': strength} order by level) as cells
    from cell where level = 0 or n >= (select coalesce(min(min_peers), 5) from config.policy)
    group by identity_key, entitlement_key
),
folded as (
    select *, cells[len(cells)] as c,
           list_reduce(list_transform(cells, lambda x: {'m': x.k::double, 'n': x.n::double, 's': x.s}),
               lambda a, x: {'m': case when a.s < 0 then (x.m + x.s * a.m) / greatest(x.n + x.s, 1e-9)
                    else (x.m + x.s * ((a.m + 0.5) / (a.n + 1))) / greatest(x.n + x.s, 1e-9) end, 'n': x.n, 's': -1.0}) as held_fold,
           list_reduce(list_transform(cells, lambda x: {'m': x.k_use::double, 'n': x.n::double, 's': x.s}),
               lambda a, x: {'m': case when a.s < 0 then (x.m + x.s * a.m) / greatest(x.n + x.s, 1e-9)
                    else (x.m + x.s * ((a.m + 0.5) / (a.n + 1))) / greatest(x.n + x.s, 1e-9) end, 'n': x.n, 's': -1.0}) as use_fold
    from chain
),
mean as (
    select identity_key, entitlement_key, held, c.level as level, c.label as peer_label, c.n as n, c.k as k,
           case when visible then c.k_use end as k_use, c.n + c.s as weight,
           case when held_fold.s < 0 then held_fold.m else (held_fold.m + 0.5) / (held_fold.n + 1) end as share,
           case when not visible then null when use_fold.s < 0 then use_fold.m else (use_fold.m + 0.5) / (use_fold.n + 1) end as use_share
    from folded
)
select identity_key, entitlement_key, held, level, peer_label, n, k, k_use, round(share, 6) as share, round(use_share, 6) as use_share,
       wilson_low(share, weight) as low, wilson_high(share, weight) as high,
       wilson_low(use_share, weight) as use_low, wilson_high(use_share, weight) as use_high
from mean
order by identity_key, entitlement_key
