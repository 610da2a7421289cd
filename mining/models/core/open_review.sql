-- open_review: the assignments on which a reviewer is being asked tonight, and has not answered. Nobody is asked twice at a time.
-- grain: source, item_id
-- column review_id: of core.review
-- column instance: the platform's id of the round of the review; null where it has none
select o.source, o.item_id, o.review_id, o.instance, o.account_id, o.entitlement_id
from staging.open_review as o join core.review as r using (source, review_id)
where r.status = 'open'
order by o.source, o.item_id
