-- peer_share: how many members of a peer group hold an entitlement, and how many of them use it.
-- grain: group_id, entitlement_key
-- column n: members
-- column k: members who hold it
-- column k_use: members who hold it and use it these days; null where no log shows its use
with held as (
    select h.identity_key, h.entitlement_key, l.identity_key is not null as lively
    from core.holding as h left join marts.lively as l using (identity_key, entitlement_key)
),
counted as (
    select s.group_id, h.entitlement_key, count(*)::integer as k, (count(*) filter (h.lively))::integer as k_use
    from held as h
    join marts.peer_group as g using (identity_key)
    join marts.peer_size as s using (level, group_key)
    where g.member
    group by s.group_id, h.entitlement_key
)
select c.group_id, c.entitlement_key, s.level, s.n, c.k, case when e.signal <> 'none' and e.observed then c.k_use end as k_use
from counted as c
join marts.peer_size as s using (group_id)
join core.entitlement as e using (entitlement_key)
order by c.group_id, c.entitlement_key
