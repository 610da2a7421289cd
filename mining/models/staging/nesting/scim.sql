-- nesting_scim: groups inside groups; a member without a kind is a group where its id is one.
select distinct source, source || ':' || m."value" as child_id, source || ':' || id as parent_id
from (select source, id, unnest(members) as m from landed.scim_groups)
where m.kind = 'group' or m.kind is null and (source, m."value") in (select (source, id) from landed.scim_groups)
