-- removal_churn: how often an entitlement is withdrawn a held year, with what similar entitlements tell.
-- grain: ref, entitlement_key
-- column churn: (removals + 0.3 s r + 5 b) / (years + 0.3 s y + 5): its own count, that of the others by their cosine s, and five
--   years at the tenant's rate b, a year
-- column x_churn: ln(churn)
-- column x_term: ln(30 + term_days), see marts.removal_entitlement
-- column x_family: family_ended, see there
with base as (
    select ref, (sum(removals) + 0.5) / (sum(years)::double + 10) as rate from marts.removal_entitlement group by ref
),
kin as (
    select o.ref, o.entitlement_key, sum(round(e.removals * s, 6)::decimal(28, 6)) as removals, sum(round(e.years * s, 6)::decimal(28, 6)) as years
    from (select v.*, (v.together + v.lost) / sqrt(greatest(1, a.holders + a.removals) * greatest(1, b.holders + b.removals)) as s
          from marts.removal_overlap as v
          join marts.removal_entitlement as a on a.ref = v.ref and a.entitlement_key = v.entitlement_key
          join marts.removal_entitlement as b on b.ref = v.ref and b.entitlement_key = v.other_key) as o
    join marts.removal_entitlement as e on e.ref = o.ref and e.entitlement_key = o.other_key
    group by o.ref, o.entitlement_key
)
select e.ref, e.entitlement_key, round((e.removals + 0.3 * coalesce(k.removals, 0)::double + 5 * b.rate) / (e.years::double + 0.3 * coalesce(k.years, 0)::double + 5), 6) as churn,
       round(ln(greatest(churn, 1e-6)), 2) as x_churn, round(ln(30 + e.term_days), 2) as x_term, round(e.family_ended, 2) as x_family
from marts.removal_entitlement as e
join base as b using (ref)
left join kin as k using (ref, entitlement_key)
order by e.ref, e.entitlement_key
