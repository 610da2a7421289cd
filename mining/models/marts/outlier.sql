-- outlier: an employed person holds of their own what hardly any of their peers hold, and no log can show whether it is used.
-- A list for a reviewer to read from the top; rarity alone is no verdict, see docs/decisions/0009.
-- grain: identity_key, entitlement_key
-- column peers: members of the narrowest peer group with enough members, the person left out
-- column peer_holders: those of them who hold it
-- column peer_share: posterior mean share of holders, below 0.05
-- column x_support: see marts.removal; null where nothing can be compared
-- column p_removed: see marts.removal; 0 to 1
-- column place: 1 for the line to be read first: privileged first, then by p_removed, then by peer_share
with dark as (
    select w.identity_key, w.entitlement_key, w.peer_label, w.n as peers, w.k as peer_holders, w.share as peer_share, r.x_support, r.p_removed, e.privileged
    from marts.peer_view as w
    join marts.removal as r on r.identity_key = w.identity_key and r.entitlement_key = w.entitlement_key
    join core.entitlement as e on e.entitlement_key = w.entitlement_key
    join core.identity as i on i.identity_key = w.identity_key
    where w.held and w.level >= 1 and w.share < 0.05 and w.n >= (select coalesce(min(min_peers), 5) from config.policy)
      and (e.signal = 'none' or not e.observed)
      and i.kind = 'person' and i.protected_by is null and i.employment in ('active', 'unknown')
)
select identity_key, entitlement_key, peer_label, peers, peer_holders, peer_share, x_support, p_removed, privileged,
       row_number() over (order by privileged desc, p_removed desc, peer_share, identity_key, entitlement_key)::integer as place
from dark
order by identity_key, entitlement_key
