-- removal_person: how much a person holds, and how their access has been changing, seen from each reference.
-- grain: ref, identity_key
-- column holdings: entitlements held of their own
-- column changed_days: days since they last got or lost anything; 3650 when nothing is known
-- column loss_rate: withdrawals a held year over ten years, without restructurings, three years at the tenant's rate added
-- column unseen: no log shows the person before the reference
-- column x_holdings: ln(holdings)
-- column x_changed: ln(1 + changed_days)
-- column x_loss: ln(loss_rate)
-- column x_unseen: 1 where unseen
with look as (select ref, max("at") as "at" from marts.removal_reference group by ref),
span as (
    select r.ref, r."at", s.identity_key, coalesce(s.to_at > r."at", true) as held, s.from_at, if(s.to_at <= r."at", s.to_at, null) as lost_at,
           coalesce(s.to_at <= r."at" and not s.upheaval, false) as lost,
           greatest(0, datediff('day', greatest(coalesce(s.from_at, r."at" - interval 3650 days), r."at" - interval 3650 days), least(coalesce(s.to_at, r."at"), r."at"))) as days
    from marts.removal_spell as s
    join core.entitlement as e using (entitlement_key)
    join marts.removal_reference as r on r.source = e.source
    where s.from_at is null or s.from_at <= r."at"
),
own as (
    select ref, identity_key, count(*) filter (held)::integer as holdings, count(*) filter (lost)::integer as losses, sum(days)::bigint as days,
           datediff('day', greatest(max(from_at), max(lost_at)), any_value("at")) as changed_days
    from span group by ref, identity_key
),
base as (select ref, (sum(losses) + 0.5) / (sum(days) / 365 + 10) as rate from own group by ref),
seen as (
    select i.identity_key, min(p.day) as day from core.presence_day as p
    join core.account_link as l using (account_id) join core.identity as i using (identity_id) group by all
)
select o.ref, o.identity_key, o.holdings, least(3650, coalesce(o.changed_days, 3650))::integer as changed_days,
       round((o.losses + 3 * b.rate) / (o.days / 365 + 3), 6) as loss_rate, coalesce(s.day >= l."at"::date, true) as unseen,
       round(ln(o.holdings), 2) as x_holdings, round(ln(1 + least(3650, coalesce(o.changed_days, 3650))), 2) as x_changed, round(ln(greatest(loss_rate, 1e-6)), 2) as x_loss,
       unseen::integer as x_unseen
from own as o
join base as b using (ref)
join look as l using (ref)
left join seen as s using (identity_key)
where o.holdings > 0
order by o.ref, o.identity_key
