-- removal_support: what a person's other holdings say of one of them, where they say anything.
-- grain: ref, identity_key, entitlement_key
-- column alike: weighted mean, over the holdings by which the person is compared, of its cosine with this one by people, the
--   person left out, 0 to 1
-- column lost_share: share of those who hold what the person holds, that lost this one within two years and stayed, one person
--   at the tenant's share added, 1e-6 to 1: in a large tenant what is never withdrawn would round to nothing, and has a logarithm
-- check share: select * from marts.removal_support where lost_share is null or lost_share not between 1e-6 and 1
with lost as (
    select t.ref, count(*) filter (coalesce(s.to_at <= t."at", false)) as gone, count(*) as n
    from marts.removal_spell as s join marts.removal_target as t using (entitlement_key)
    where (s.from_at is null or s.from_at <= t."at") and (s.next_at is null or s.next_at > t."at")
      and (s.to_at is null or s.to_at > t."at" or (not s.upheaval and s.to_at > t."at" - interval 730 days))
    group by t.ref
),
compared as (
    select t.ref, s.identity_key, s.entitlement_key, sum(c.weight)::double as weight,
           sum(round(1e6 * c.weight * greatest(0, o.together - 1) / sqrt(greatest(1, t.holders - 1) * greatest(1, c.holders - 1)))::integer) as alike,
           sum(round(1e4 * c.weight * o.lost)::integer) as lost, sum(round(1e4 * c.weight * greatest(0, o.together - 1))::integer) as kept
    from marts.removal_spell as s
    join marts.removal_target as t on t.entitlement_key = s.entitlement_key and t.reach
    join marts.removal_context as c on c.ref = t.ref and c.identity_key = s.identity_key and c.entitlement_key <> s.entitlement_key
    left join marts.removal_overlap as o on o.ref = t.ref and o.entitlement_key = s.entitlement_key and o.other_key = c.entitlement_key
    where (s.from_at is null or s.from_at <= t."at") and (s.to_at is null or s.to_at > t."at")
    group by t.ref, s.identity_key, s.entitlement_key
)
select c.ref, c.identity_key, c.entitlement_key, round(coalesce(c.alike, 0) / 1e6 / c.weight, 4) as alike,
       greatest(1e-6, round((coalesce(c.lost, 0) / 1e4 + (l.gone + 0.5) / (l.n + 10)) / ((coalesce(c.lost, 0) + coalesce(c.kept, 0)) / 1e4 + 1), 6)) as lost_share
from compared as c join lost as l using (ref)
order by c.ref, c.identity_key, c.entitlement_key
