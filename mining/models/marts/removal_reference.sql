-- removal_reference: the instants at which the removal model looks: now, and earlier ones whose following 180 days are known.
-- A large tenant looks back less often, for each look has more cases.
-- grain: source, ref
-- column ref: 0 for now; 1 for 210 days ago (180 in which removals count, and 30 in which it shows who stayed), then every 90 days
-- column at: UTC
-- column share: of the source's entitlements whose pairs serve to fit and to scale the inputs, 0 to 1
-- column context: holdings by which a person is compared: six, fewer in a large tenant
with told as (
    select source, valid_to as "at" from core.assignment_history where to_basis in ('log', 'inventory')
    union all
    select source, valid_from from core.assignment_history where from_basis in ('log', 'inventory')
),
known as (select source, min("at") as known_from from told group by source),
size as (select greatest(1, count(*)) as pairs from core.holding),
look as (
    select ref, getvariable('as_of')::timestamp - to_days(if(ref = 0, 0, 120 + 90 * ref)) as "at"
    from (select unnest(range(0, 9))::integer as ref)
)
select s.source, l.ref, l."at", least(1, round(60000 / z.pairs, 3)) as share,
       least(6, greatest(2, 10000000 // z.pairs))::integer as context
from (select distinct source from core.entitlement) as s
cross join look as l
cross join size as z
left join known as k using (source)
where l.ref = 0 or (l."at" >= k.known_from + interval 90 days and l.ref <= greatest(1, 4000000 // z.pairs))
order by s.source, l.ref
