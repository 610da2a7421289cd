-- removal_context: the few holdings by which a person is compared: the twelve rarest that at least two people hold. What more than
-- two in a hundred hold (and more than two hundred people) tells nobody apart and is left out.
-- grain: ref, identity_key, entitlement_key
-- column holders: people who held it at the reference
-- column weight: 1 / ln(2 + holders) (Adamic and Adar 2003: what few share tells more)
with people as (select ref, count(distinct identity_key) as n from marts.removal_pair where held group by ref)
select p.ref, p.identity_key, p.entitlement_key, e.holders, round(1 / ln(2 + e.holders), 4) as weight
from marts.removal_pair as p
join marts.removal_entitlement as e using (ref, entitlement_key)
join people as n using (ref)
where p.held and e.holders >= 2 and e.holders <= greatest(200, 0.02 * n.n)
qualify row_number() over (partition by p.ref, p.identity_key order by e.holders, p.entitlement_key) <= 12
order by p.ref, p.identity_key, p.entitlement_key
