-- open_review_entra: items of access reviews without an answer.
select source, id as item_id, review_id, instance, source || ':' || principal_id as account_id, source || ':' || resource_id as entitlement_id
from landed.entra_access_review_decisions
where decision = 'NotReviewed' and principal_id is not null and resource_id is not null
qualify row_number() over (partition by source, id order by review_id) = 1
