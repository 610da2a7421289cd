-- removal_upheaval: an instant at which something ends and fifty or more pairs change at once: a restructuring. Nobody decided on
-- them one by one. What only an inventory dates is not counted, for it dates a whole day's changes alike.
-- grain: source, instant
-- column pairs: accounts with an entitlement that began or ended then
with gone as (
    select source, valid_to as instant, account_id, entitlement_id from core.assignment_history where to_basis in ('log', 'platform')
),
change as (
    from gone
    union all
    select source, valid_from, account_id, entitlement_id from core.assignment_history
    where from_basis in ('log', 'platform') and (source, valid_from) in (select (source, instant) from gone)
),
busy as (select source, instant from change group by source, instant having count(*) >= 50)
select c.source, c.instant, count(distinct (c.account_id, c.entitlement_id))::integer as pairs
from change as c semi join busy using (source, instant)
group by c.source, c.instant having count(distinct (c.account_id, c.entitlement_id)) >= 50
order by c.source, c.instant
