-- hire_package: what somebody who will start needs on the first day, by what the peers to come use, or hold where no log shows it.
-- grain: identity_id, entitlement_id
-- column hire_date: first day of work
-- column peer_label: the peers to come
-- column n: peers with an account in the source; k: those who hold it; k_use: those who use it, null where no log shows it
-- column share: posterior mean share of users, or of holders, shrunk towards the wider groups, 0.6 to 1
-- column low: lower end of its 90 % interval
-- column reason: peers_use or peers_hold
select i.identity_id, e.entitlement_id, i.name as identity_name, i.hire_date, i.department, i.title, i.location, i.manager_identity_id as manager,
       e.source, e.name as entitlement_name, e.kind as entitlement_kind, w.level, w.peer_label, w.n, w.k, w.k_use,
       coalesce(w.use_share, w.share) as share, coalesce(w.use_low, w.low) as low,
       if(w.use_share is not null, 'peers_use', 'peers_hold') as reason
from marts.hire_candidate as h
join marts.candidate as c using (identity_key, entitlement_key)
join marts.peer_view as w using (identity_key, entitlement_key)
join core.identity as i using (identity_key)
join core.entitlement as e using (entitlement_key)
anti join marts.sod_bar as b on b.identity_key = h.identity_key and b.entitlement_key = h.entitlement_key
where coalesce(w.use_share, w.share) >= 0.6 and w.level > 0
order by i.identity_id, e.entitlement_id
