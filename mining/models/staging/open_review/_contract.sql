-- open_review: an assignment on which a reviewer is being asked, and has not answered.
-- grain: source, item_id
-- column item_id: the platform's own id of the question
-- column instance: the platform's id of the round of the review; null where it has none
select null::varchar as source, null::varchar as item_id, null::varchar as review_id, null::varchar as instance, null::varchar as account_id,
       null::varchar as entitlement_id
where false
