-- peer_reach: the narrowest peer group of a person that has enough peers for what a source gives; the sizes fall along the
-- chain, so that every wider group has enough of them too.
-- grain: identity_key, source
-- column group_id: see marts.peer_size; that of everyone where no narrower group has enough
-- column member: the person counts as a peer, and has to be left out
-- column n: peers in the group, without the person
select g.identity_key, z.source, arg_max(z.group_id, z.level) as group_id, max(z.level) as level, any_value(g.member) as member,
       arg_max(greatest(0, z.n - g.member::integer), z.level)::integer as n
from marts.peer_group as g
join marts.peer_size as z using (level, group_key)
where z.level = 0 or z.n - g.member::integer >= (select coalesce(min(min_peers), 5) from config.policy)
group by g.identity_key, z.source
order by g.identity_key, z.source
