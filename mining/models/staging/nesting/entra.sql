-- nesting_entra: groups of Entra ID that are direct members of other groups.
select distinct m.source, m.source || ':' || m.member_id as child_id, m.source || ':' || m.group_id as parent_id
from landed.entra_group_members as m
left join landed.entra_groups as g on g.source = m.source and g.id = m.member_id
where m.member_type = 'group' or m.member_type is null and g.id is not null
