-- orphan: an active account of nobody that HR knows, where HR is read at all. Machines are left out; guests are named as such.
-- Nobody here is said to have left: the link may be missing, so that a person looks.
-- grain: account_id
-- column kind: person or guest
-- column ambiguous: its e-mail or login matched several workers, so that it was linked to none
-- column protected_by: the pattern that protects it from any revoke; null when none does
-- column holdings: entitlements that the account holds
-- column privileged: administrative ones among them
-- column monthly_cost: of them all, in the currency of the configuration
-- column last_seen: last day on which any log shows the account, or the platform's last sign-in; null when never
with held as (
    select a.account_id, count(distinct a.entitlement_id)::integer as holdings, (count(distinct a.entitlement_id) filter (e.privileged))::integer as privileged
    from core.assignment as a join core.entitlement as e using (entitlement_id) group by a.account_id
),
cost as (
    select account_id, sum(monthly_cost) as monthly_cost
    from (select distinct a.account_id, a.entitlement_id, e.monthly_cost from core.assignment as a join core.entitlement as e using (entitlement_id) where e.monthly_cost > 0)
    group by account_id
),
seen as (select account_id, max(day) as day from core.presence_day group by account_id)
select a.account_id, a.source, a.login, a.email, a.display_name, i.identity_id, i.kind, l.ambiguous, i.protected_by,
       coalesce(h.holdings, 0) as holdings, coalesce(h.privileged, 0) as privileged, coalesce(c.monthly_cost, 0) as monthly_cost,
       a.created_at, greatest(s.day, a.last_seen_at::date) as last_seen
from core.account as a
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
left join held as h using (account_id)
left join cost as c using (account_id)
left join seen as s using (account_id)
where i.worker_id is null and i.kind <> 'machine' and a.present and a.status = 'active' and exists (select 1 from core.worker)
order by a.account_id
