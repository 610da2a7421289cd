-- peer_group: the groups that a person belongs to, ever narrower, by the configured chain of attributes.
-- grain: identity_key, level
-- column level: 0 for everyone, then one more for each attribute of the chain
-- column group_key: the folded attribute values, joined by a bar; a missing value ends the chain
-- column label: the group in words
-- column member: counts as a peer: an employed person with an account who is there, and has been there, with this department and
--   title, for hire_grace_days. What somebody new does not hold, and somebody on leave does not use, says nothing of what their
--   colleagues need; counting only what newcomers do hold would err the other way. See docs/decisions/0007
with person as (
    select identity_key, peer_department, peer_title, peer_location, department, title, location,
           kind = 'person' and accounts > 0 and employment in ('active', 'unknown')
           and coalesce(greatest(hire_date, m.arrived) <= getvariable('as_of')::date - c.hire_grace_days, true) as member
    from core.identity
    left join (select identity_key, effective as arrived from core.move) as m using (identity_key)
    cross join (select coalesce(max(hire_grace_days), 90) as hire_grace_days from config.policy) as c
    where kind = 'person'
),
value as (
    select p.identity_key, p.member, c.level, c.attribute,
           case c.attribute when 'department' then peer_department when 'title' then peer_title when 'location' then peer_location end as folded,
           case c.attribute when 'department' then department when 'title' then title when 'location' then location end as label
    from person as p cross join config.peer_level as c
),
chained as (
    select identity_key, member, level, count(folded) over w as known, string_agg(folded, '|') over w as group_key,
           string_agg(label, ', ') over w as label
    from value window w as (partition by identity_key order by level)
)
select identity_key, 0 as level, '' as group_key, 'everyone' as label, member from person
union all
select identity_key, level, group_key, label, member from chained where known = level
order by identity_key, level
