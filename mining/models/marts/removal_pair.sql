-- removal_pair: what a person held at a reference, or had lost within the two years before it while they stayed.
-- grain: ref, identity_key, entitlement_key
-- column held: held at the reference; false for what was lost
-- column from_at: UTC, begin of the spell; null when older than anything known
-- column removed: withdrawn within 180 days from a person who still had access 30 days later; null for now, for what was
--   lost, and where the pair says nothing: the person left, or it ended in a restructuring
with stood as (
    select r.ref, r."at", s.identity_key, s.entitlement_key, s.from_at, s.to_at, s.upheaval, coalesce(s.to_at > r."at", true) as held
    from marts.removal_spell as s
    join core.entitlement as e using (entitlement_key)
    join marts.removal_reference as r on r.source = e.source
    where (s.from_at is null or s.from_at <= r."at")
      and (s.to_at is null or s.to_at > r."at" or (not s.upheaval and s.to_at > r."at" - interval 730 days))
    qualify row_number() over (partition by r.ref, s.identity_key, s.entitlement_key order by s.spell desc) = 1
),
ending as (
    select ref, identity_key, entitlement_key, to_at from stood where ref > 0 and held and to_at <= "at" + interval 180 days
),
stayed as (
    select distinct o.ref, o.identity_key, o.entitlement_key
    from ending as o join marts.removal_spell as s using (identity_key)
    where coalesce(s.from_at <= o.to_at + interval 30 days, true) and coalesce(s.to_at > o.to_at + interval 30 days, true)
)
select p.ref, p.identity_key, p.entitlement_key, p.held, p.from_at,
       case when p.ref > 0 and p.held and o.identity_key is null then false
            when p.ref > 0 and p.held and y.identity_key is not null and not p.upheaval then true end as removed
from stood as p
left join ending as o using (ref, identity_key, entitlement_key)
left join stayed as y using (ref, identity_key, entitlement_key)
order by p.ref, p.identity_key, p.entitlement_key
