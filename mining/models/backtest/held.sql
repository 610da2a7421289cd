-- held: what persons of the cut held of their own, not only because something else opens it: the sets that neighbours share.
-- grain: identity_key, entitlement_key
-- column holders: identities that held it
-- column tells: few enough hold it (at most 5,000) that sharing it makes two people alike, and costs no more than it tells
with own as (
    select h.identity_key, h.entitlement_key, h.since from core.holding as h join core.identity as i using (identity_key)
    where not h.only_opened and i.kind = 'person'
)
select identity_key, entitlement_key, since, count(*) over (partition by entitlement_key)::integer as holders,
       count(*) over (partition by entitlement_key) <= 5000 as tells
from own
order by identity_key, entitlement_key
