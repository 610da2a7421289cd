-- open_review_okta: items of certification campaigns without an answer.
select source, id as item_id, campaign_id as review_id, null::varchar as instance, source || ':' || user_id as account_id,
       source || ':' || concat_ws('/', resource_id, value_id) as entitlement_id
from landed.okta_reviews
where decision = 'UNREVIEWED' and user_id is not null and resource_id is not null
qualify row_number() over (partition by source, id order by campaign_id) = 1
