-- removal_context: the few holdings by which a person is compared: the rarest that at least two people hold, at most six. What more than
-- two in a hundred hold (and more than two hundred people) tells nobody apart and is left out.
-- grain: ref, identity_key, entitlement_key
-- column holders: people who held it at the reference
-- column weight: 1 / ln(2 + holders) (Adamic and Adar 2003: what few share tells more)
with people as (select ref, count(*) filter (holdings > 0) as n from marts.removal_person group by ref),
telling as (
    select e.ref, e.entitlement_key, r."at", e.holders, r.context
    from marts.removal_entitlement as e
    join core.entitlement as c using (entitlement_key)
    join marts.removal_reference as r on r.source = c.source and r.ref = e.ref
    join people as n on n.ref = e.ref
    where e.holders between 2 and greatest(200, 0.02 * n.n)
),
rarest as (
    select t.ref, s.identity_key, min(((t.holders::bigint << 32) + t.entitlement_key), 6)[:min(t.context)] as few
    from marts.removal_spell as s join telling as t using (entitlement_key)
    where (s.from_at is null or s.from_at <= t."at") and (s.to_at is null or s.to_at > t."at")
    group by t.ref, s.identity_key
),
each as (select ref, identity_key, unnest(few) as one from rarest)
select ref, identity_key, (one & 4294967295)::integer as entitlement_key, (one >> 32)::integer as holders,
       round(1 / ln(2 + (one >> 32)), 4) as weight
from each
order by ref, identity_key, entitlement_key
