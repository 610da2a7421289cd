-- file_decisions: what reviewers decided about assignments, one row each.
-- column id: hash of the row
-- column at: UTC
-- column decision: approve or deny
-- column reason: what the reviewer wrote; review: what asked for the decision, for instance a ticket; both as served
with line as (
  select _id, account_id, entitlement_id, reviewer, reason, review, trim("at") as stamp, lower(trim(decision)) as word,
         try_cast(regexp_replace(trim("at"), '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {_id: 'VARCHAR', "at": 'VARCHAR',
    account_id: 'VARCHAR', entitlement_id: 'VARCHAR', decision: 'VARCHAR', reviewer: 'VARCHAR',
    reason: 'VARCHAR', review: 'VARCHAR'}))
select _id as id, "at", account_id, entitlement_id, nullif(trim(reviewer), '') as reviewer,
       nullif(trim(reason), '') as reason, nullif(trim(review), '') as review,
       case when word in ('approve', 'approved', 'keep', 'certify', 'certified', 'yes') then 'approve'
            when word in ('deny', 'denied', 'revoke', 'revoked', 'remove', 'removed', 'reject', 'rejected', 'no') then 'deny' end as decision,
       case when "at" is null then concat('at "', left(stamp, 80), '" is not a time')
            when decision is null then concat('decision "', left(word, 80), '" is neither approve nor deny') end as fault
from line
