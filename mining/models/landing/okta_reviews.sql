-- okta_reviews: items of access certification campaigns, one row each: what a reviewer was asked and decided.
-- column resource_id: the group or app under review; value_id: the entitlement value inside the app, where one is
-- column decision: the platform's own word: UNREVIEWED, APPROVE or REVOKE
-- column decided_at: UTC
-- column reason: what the reviewer wrote, as served
with line as (
  select *, try_cast(decided as timestamptz) at time zone 'UTC' as decided_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', campaignId: 'VARCHAR', resourceId: 'VARCHAR', decision: 'VARCHAR', decided: 'VARCHAR', remediationStatus: 'VARCHAR',
    principalProfile: 'STRUCT(id VARCHAR)', reviewerProfile: 'STRUCT(id VARCHAR)', entitlementValue: 'STRUCT(id VARCHAR)', note: 'JSON'}))
select id, campaignId as campaign_id, resourceId as resource_id, nullif(entitlementValue.id, '') as value_id,
       principalProfile.id as user_id, reviewerProfile.id as reviewer_id, decision, decided_at, remediationStatus as remediation,
       nullif(trim(note ->> '$.note'), '') as reason,
       case when decided is not null and decided_at is null
              then concat('decided "', decided, '" is not a timestamp') end as fault
from line
