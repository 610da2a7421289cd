-- peer_size: how many members a peer group has.
-- grain: level, group_key
-- column group_id: dense number of the group in this snapshot
select row_number() over (order by level, group_key)::integer as group_id, level, group_key,
       (count(*) filter (member))::integer as n, min(label) as label
from marts.peer_group
group by level, group_key
order by level, group_key
