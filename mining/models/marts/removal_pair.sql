-- removal_pair: what a person held at an earlier reference, and whether they lost it: the cases that the model is fitted on.
-- grain: ref, identity_key, entitlement_key
-- column removed: withdrawn within 180 days from a person who still had access 30 days later; null where the pair says
--   nothing: the person left, or it ended in a restructuring
with held as (
    select t.ref, t."at", s.identity_key, s.entitlement_key, s.to_at, s.upheaval, coalesce(s.to_at <= t."at" + interval 180 days, false) as ends
    from marts.removal_spell as s
    join marts.removal_target as t on t.entitlement_key = s.entitlement_key and t.ref > 0
    where (s.from_at is null or s.from_at <= t."at") and (s.to_at is null or s.to_at > t."at")
),
stayed as (
    select distinct o.ref, o.identity_key, o.entitlement_key
    from held as o join marts.removal_spell as s using (identity_key)
    where o.ends and coalesce(s.from_at <= o.to_at + interval 30 days, true) and coalesce(s.to_at > o.to_at + interval 30 days, true)
)
select p.ref, p.identity_key, p.entitlement_key, case when not p.ends then false when y.ref is not null and not p.upheaval then true end as removed
from held as p left join stayed as y using (ref, identity_key, entitlement_key)
order by p.ref, p.identity_key, p.entitlement_key
