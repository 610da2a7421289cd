-- peer_size: how many members of a peer group have an account in a source: only they can hold what the source gives.
-- grain: group_id, source
-- column group_id: dense number of the group in this snapshot
-- column n: members with an account in the source
with named as (
    select level, group_key, row_number() over (order by level, group_key)::integer as group_id, min(label) as label
    from marts.peer_group group by level, group_key
)
select n.group_id, s.source, n.level, n.group_key, n.label, (count(*) filter (g.member))::integer as n
from named as n
join marts.peer_group as g using (level, group_key)
join core.identity_source as s using (identity_key)
group by n.group_id, s.source, n.level, n.group_key, n.label
order by n.group_id, s.source
