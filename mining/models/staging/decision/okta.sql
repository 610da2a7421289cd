-- decision_okta: what reviewers of certification campaigns decided. An item without an answer is no decision, whatever the
-- campaign did in the end. A review of an entitlement inside an app is about its value.
select source, source || ':' || id as decision_id, decided_at as "at", source || ':' || user_id as account_id,
       source || ':' || concat_ws('/', resource_id, value_id) as entitlement_id,
       if(decision = 'APPROVE', 'approve', 'deny') as decision, reviewer_id as reviewer, campaign_id as review, reason,
       case remediation when 'SUCCESS' then 'done' when 'OPEN' then 'open' when 'ERROR' then 'failed' when 'MANUAL' then 'by_hand' end as remediation
from landed.okta_reviews
where decision in ('APPROVE', 'REVOKE') and user_id is not null and resource_id is not null
qualify row_number() over (partition by source, id order by decided_at desc nulls last, decision) = 1
