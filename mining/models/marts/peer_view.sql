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
    select identity_key, entitlement_key, false from marts.candidate
),
named as (select distinct group_id, level, label from marts.peer_size),
seen as (
    select p.identity_key, p.entitlement_key, p.held, r.group_id, r.member, r.n, f.weight, e.signal <> 'none' and e.observed as visible,
           greatest(0, f.k - (r.member and p.held)::integer) as k,
           greatest(0, f.u - (r.member and l.identity_key is not null)::integer) as u,
           case when not r.member then f.apart when p.held then f.held else f.lacked end as share,
           case when not r.member then f.use_apart when l.identity_key is not null then f.used else f.unused end as use_share
    from pair as p
    join core.entitlement as e using (entitlement_key)
    join marts.peer_reach as r on r.identity_key = p.identity_key and r.source = e.source
    join marts.peer_fold as f on f.group_id = r.group_id and f.entitlement_key = p.entitlement_key
    left join marts.lively as l on l.identity_key = p.identity_key and l.entitlement_key = p.entitlement_key
)
select s.identity_key, s.entitlement_key, s.held, g.level, g.label as peer_label, s.n, s.k, case when s.visible then s.u end as k_use,
       round(s.share, 6) as share, case when s.visible then round(s.use_share, 6) end as use_share,
       wilson_low(s.share, s.n + s.weight) as low, wilson_high(s.share, s.n + s.weight) as high,
       case when s.visible then wilson_low(s.use_share, s.n + s.weight) end as use_low,
       case when s.visible then wilson_high(s.use_share, s.n + s.weight) end as use_high
from seen as s join named as g using (group_id)
order by s.identity_key, s.entitlement_key
