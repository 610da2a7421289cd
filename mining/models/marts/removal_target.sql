-- removal_target: the entitlements whose pairs are scored at a reference: all for now, a fixed sample where the model is fitted.
-- grain: ref, entitlement_key
-- column reach: few enough hold it that sharing it makes people alike; a birthright is not judged by who else holds it
with people as (select ref, count(distinct identity_key) as n from marts.removal_pair where held group by ref)
select e.ref, e.entitlement_key, e.holders <= greatest(200, 0.02 * n.n) as reach
from marts.removal_entitlement as e
join core.entitlement as c using (entitlement_key)
join marts.removal_reference as r on r.source = c.source and r.ref = e.ref
join people as n on n.ref = e.ref
where md5_number_lower(c.entitlement_id) % 1000 < 1000 * r.share
order by e.ref, e.entitlement_key
