-- nesting: members of the child are members of the ancestor, at any depth.
-- grain: child_id, ancestor_id
-- column depth: 1 for the parent
with recursive edge as (
    select distinct child_id, parent_id from staging.nesting where child_id is not null and child_id <> parent_id
),
walk as (
    select child_id, parent_id as ancestor_id, 1 as depth from edge
    union
    select w.child_id, e.parent_id, w.depth + 1 from walk as w join edge as e on e.child_id = w.ancestor_id
    where w.depth < 12 and e.parent_id <> w.child_id
)
select child_id, ancestor_id, min(depth) as depth from walk group by all
order by child_id, ancestor_id
