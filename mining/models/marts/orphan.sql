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
with stray as (
    select a.*, i.identity_id, i.kind as identity_kind, l.ambiguous, i.protected_by
    from core.account as a
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    where i.worker_id is null and i.kind <> 'machine' and a.present and a.status = 'active' and exists (select 1 from core.worker)
),
own as (select distinct account_id, entitlement_id from core.assignment semi join stray using (account_id)),
held as (
    select o.account_id, count(*)::integer as holdings, (count(*) filter (e.privileged))::integer as privileged, sum(e.monthly_cost) as monthly_cost
    from own as o join core.entitlement as e using (entitlement_id) group by o.account_id
),
seen as (select account_id, max(day) as day from core.presence_day semi join stray using (account_id) group by account_id)
select a.account_id, a.source, a.login, a.email, a.display_name, a.identity_id, a.identity_kind as kind, a.ambiguous, a.protected_by,
       coalesce(h.holdings, 0) as holdings, coalesce(h.privileged, 0) as privileged, coalesce(h.monthly_cost, 0) as monthly_cost,
       a.created_at, greatest(s.day, a.last_seen_at::date) as last_seen
from stray as a
left join held as h using (account_id)
left join seen as s using (account_id)
order by a.account_id
