-- removal_entitlement: how fast an entitlement has been losing holders, seen from each reference.
-- grain: ref, entitlement_key
-- column holders: people who held it at the reference
-- column removals: withdrawals within the three years before it, without restructurings
-- column years: held years within them
-- column term_days: mean days that ended spells lasted, three spells of the tenant's mean added
-- column family: the shortest leading words of its name (at most three) that at most a tenth of the source's entitlements begin with
-- column family_ended: share of the family's entitlements that nobody held any more, two of the tenant's share added, 0 to 1
with word as (
    select entitlement_key, source, fold(name) as name, string_split(fold(name), ' ') as words, count(*) over (partition by source) as n from core.entitlement
),
prefix as (
    select entitlement_key, source, n, words[:1] as one, words[:2] as two, words[:3] as three,
           count(*) over (partition by source, words[:1]) as n1, count(*) over (partition by source, words[:2]) as n2 from word
),
family as (
    select entitlement_key, source || ':' || array_to_string(case when n1 * 10 <= n then one when n2 * 10 <= n then two else three end, ' ') as family
    from prefix
),
span as (
    select r.ref, s.entitlement_key, coalesce(s.to_at > r."at", true) as held, s.to_at <= r."at" and not s.upheaval as lost,
           greatest(0, datediff('day', greatest(coalesce(s.from_at, r."at" - interval 1095 days), r."at" - interval 1095 days), least(coalesce(s.to_at, r."at"), r."at"))) as days,
           s.to_at > r."at" - interval 1095 days as lately, datediff('day', s.from_at, s.to_at) as lasted
    from marts.removal_spell as s
    join core.entitlement as e using (entitlement_key)
    join marts.removal_reference as r on r.source = e.source
    where s.from_at is null or s.from_at <= r."at"
),
own as (
    select ref, entitlement_key, count(*) filter (held)::integer as holders, count(*) filter (lost and lately)::integer as removals,
           sum(days)::bigint as days, coalesce(sum(lasted) filter (lost), 0)::bigint as lasted, count(lasted) filter (lost)::integer as ended
    from span group by ref, entitlement_key
),
whole as (
    select ref, coalesce(sum(lasted)::double / nullif(sum(ended), 0), 730) as term, (count(*) filter (holders = 0))::double / count(*) as gone from own group by ref
),
kin as (
    select o.ref, f.family, count(*) as n, count(*) filter (o.holders = 0) as gone from own as o join family as f using (entitlement_key) group by all
)
select o.ref, o.entitlement_key, o.holders, o.removals, round(o.days / 365, 4) as years,
       round((o.lasted + 3 * w.term) / (o.ended + 3), 2) as term_days, f.family, round((k.gone + 2 * w.gone) / (k.n + 2), 6) as family_ended
from own as o
join whole as w using (ref)
join family as f using (entitlement_key)
join kin as k on k.ref = o.ref and k.family = f.family
order by o.ref, o.entitlement_key
