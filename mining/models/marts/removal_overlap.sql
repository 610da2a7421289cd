-- removal_overlap: how many people hold two entitlements together, and how many hold the one and have lost the other.
-- What a single person holds together says nothing about anybody else, and is left out.
-- grain: ref, entitlement_key, other_key
-- column other_key: a holding by which people are compared
-- column together: people who hold both
-- column lost: people who hold the other and lost this one within the two years before, while they stayed
with pair as (
    select t.ref, s.identity_key, s.entitlement_key, s.to_at is null or s.to_at > t."at" as held
    from marts.removal_spell as s join marts.removal_target as t on t.entitlement_key = s.entitlement_key and t.reach
    where (s.from_at is null or s.from_at <= t."at") and (s.next_at is null or s.next_at > t."at")
      and (s.to_at is null or s.to_at > t."at" or (not s.upheaval and s.to_at > t."at" - interval 730 days))
)
select p.ref, p.entitlement_key, c.entitlement_key as other_key, (count(*) filter (p.held))::integer as together,
       (count(*) filter (not p.held))::integer as lost
from pair as p
join marts.removal_context as c on c.ref = p.ref and c.identity_key = p.identity_key and c.entitlement_key <> p.entitlement_key
group by p.ref, p.entitlement_key, c.entitlement_key
having count(*) filter (p.held) >= 2 or count(*) filter (not p.held) >= 1
order by p.ref, p.entitlement_key, other_key
