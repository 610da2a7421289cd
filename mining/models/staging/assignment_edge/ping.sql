-- assignment_edge_ping: direct members of groups. A group with a filter holds members that cannot be taken out of it one
-- by one; who came by the filter is not told, so that all of them count as held by the group's own rule.
select m.source, m.source || ':' || m.user_id as account_id, m.source || ':' || m.group_id as entitlement_id,
       if(g.id is null, 'direct', 'rule') as path_kind, if(g.id is null, '', m.source || ':' || g.id) as via_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until, false as eligible
from landed.ping_group_memberships as m
left join (select distinct source, id from landed.ping_groups where user_filter is not null) as g
  on g.source = m.source and g.id = m.group_id
where m.membership is distinct from 'INDIRECT'
group by all
