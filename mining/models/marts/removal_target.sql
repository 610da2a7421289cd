-- removal_target: the entitlements whose pairs are scored at a reference: all for now, a fixed sample where the model is fitted.
-- grain: ref, entitlement_key
-- column at: UTC, the reference
-- column holders: people who held it at the reference
-- column sampled: its pairs serve to fit and to scale the inputs
-- column reach: few enough hold it (two in a hundred, or two hundred) that sharing it makes people alike; a birthright is not
--   judged by who else holds it
with people as (select ref, count(*) filter (holdings > 0) as n from marts.removal_person group by ref)
select e.ref, e.entitlement_key, r."at", e.holders, e.holders <= greatest(200, 0.02 * n.n) as reach,
       md5_number_lower(c.entitlement_id) % 1000 < 1000 * r.share as sampled
from marts.removal_entitlement as e
join core.entitlement as c using (entitlement_key)
join marts.removal_reference as r on r.source = c.source and r.ref = e.ref
join people as n on n.ref = e.ref
where r.ref = 0 or md5_number_lower(c.entitlement_id) % 1000 < 1000 * r.share
order by e.ref, e.entitlement_key
