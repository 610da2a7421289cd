-- entra_access_review_decisions: items of access reviews, one row each: what a reviewer was asked and decided.
-- column decision: the platform's own word: Approve, Deny, NotReviewed or DontKnow
-- column decided_at: UTC; null where nobody answered
-- column reason: what the reviewer wrote, as served
select item.id as id, split_part(parent_id, '/', 1) as review_id, nullif(split_part(parent_id, '/', 2), '') as instance, item.principal.id as principal_id, item.resource.id as resource_id,
       item.resource."type" as resource_type, item.decision as decision, item.reviewedBy.id as reviewer_id, item.applyResult as applied, nullif(trim(item.justification), '') as reason,
       try_cast(item.reviewedDateTime as timestamptz) at time zone 'UTC' as decided_at,
       case when item.reviewedDateTime is not null and decided_at is null
              then concat('reviewedDateTime "', item.reviewedDateTime, '" is not a timestamp') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR,
  accessReviewId VARCHAR, decision VARCHAR, reviewedDateTime VARCHAR, applyResult VARCHAR, justification VARCHAR, principal STRUCT(id VARCHAR),
  resource STRUCT(id VARCHAR, "type" VARCHAR), reviewedBy STRUCT(id VARCHAR))'})
