-- peer_wider: the next wider group of each peer group with two members or more, by source.
-- grain: group_id, source
-- column group_id: as in peer_size
-- column wider_id: group_id of the group one level up, of which all its members are
-- column n: members of the narrower group with an account in the source
-- column wider_n: members of the wider group with an account in the source
-- A table of its own: a plan over the shares needs to know that there are few groups.
select s.group_id, s.source, s.level, s.n, w.group_id as wider_id, w.n as wider_n
from marts.peer_group as g
join marts.peer_size as s on s.level = g.level and s.group_key = g.group_key
join marts.peer_group as v on v.identity_key = g.identity_key and v.level = g.level - 1
join marts.peer_size as w on w.level = v.level and w.group_key = v.group_key and w.source = s.source
where s.n > 1
group by all
order by s.group_id, s.source
