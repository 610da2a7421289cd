-- upheaval: an instant at which fifty or more pairs change at once. Nobody decided on them one by one, so they are no labels.
-- grain: source, instant
-- column pairs: accounts with an entitlement that began or ended then; what only an inventory dates is not counted, for it
--   dates a whole day's changes alike
with change as (
    select source, valid_from as instant, account_id, entitlement_id from present.core.assignment_history where from_basis in ('log', 'platform')
    union select source, valid_to, account_id, entitlement_id from present.core.assignment_history where to_basis in ('log', 'platform')
)
select source, instant, count(*)::integer as pairs
from change where instant is not null
group by source, instant having count(*) >= 50
order by source, instant
