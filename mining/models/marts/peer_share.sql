-- peer_share: how many members of a peer group hold an entitlement, and how many of them use it.
-- grain: group_id, entitlement_key
-- column n: members with an account in the entitlement's source
-- column k: members who hold it
-- column k_use: members who hold it and use it these days; null where no log shows its use
with counted as (
    select g.level, g.group_key, h.entitlement_key, h.source, count(*)::integer as k,
           (count(*) filter (l.identity_key is not null))::integer as k_use
    from core.holding as h
    join marts.peer_group as g using (identity_key)
    left join marts.lively as l on l.identity_key = h.identity_key and l.entitlement_key = h.entitlement_key
    where g.member
    group by g.level, g.group_key, h.entitlement_key, h.source
)
select s.group_id, c.entitlement_key, s.level, s.n, c.k, case when e.signal <> 'none' and e.observed then c.k_use end as k_use
from counted as c
join marts.peer_size as s using (level, group_key, source)
join core.entitlement as e using (entitlement_key)
order by s.group_id, c.entitlement_key
