-- removal_case: a held pair of the cut, whether it was withdrawn within 180 days from a person who stayed, and what each
-- method said. Leavers' pairs, and those that ended in an upheaval, are left out.
-- grain: identity_key, entitlement_key
-- column removed: withdrawn within 180 days from a person who had access thirty days later
-- column product: marts.removal's probability that it will be withdrawn, 0 where it has none; higher means likelier, as for all
-- column age: days held, negative: the younger the likelier
-- column support: the neighbours who hold it, weighted by similarity, negative
with owner as (
    select h.* from backtest.held as h semi join backtest.removal_person using (identity_key)
),
support as (
    select o.identity_key, o.entitlement_key, sum(n.similarity::decimal(18, 6)) as support
    from owner as o join backtest.neighbour as n using (identity_key)
    join backtest.held as h on h.identity_key = n.neighbour_key and h.entitlement_key = o.entitlement_key
    group by all
)
select o.identity_key, o.entitlement_key, coalesce(r.ended < getvariable('as_of') + interval 180 days, false) as removed,
       coalesce(p.p_removed, 0) as product, round(1 / o.holders, 6) as rarity,
       coalesce(-(getvariable('as_of')::date - o.since::date), -36500)::integer as age, round(-coalesce(s.support, 0)::double, 6) as support
from owner as o
left join support as s using (identity_key, entitlement_key)
left join marts.removal as p using (identity_key, entitlement_key)
left join backtest.removed as r using (identity_key, entitlement_key)
left join backtest.departure as d using (identity_key)
where r.identity_key is null and not coalesce(d.left_at < getvariable('as_of') + interval 180 days, false)
   or r.ended >= getvariable('as_of') + interval 180 days or (r.stayed and not r.upheaval)
order by o.identity_key, o.entitlement_key
