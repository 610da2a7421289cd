-- nesting: members of the child group are members of the parent group.
-- grain: child_id, parent_id
select null::varchar as source, null::varchar as child_id, null::varchar as parent_id
where false
