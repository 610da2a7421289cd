-- decision: what a reviewer decided about one assignment.
-- grain: decision_id
-- column decision_id: source, a colon, native id or a hash of the row
-- column decision: approve or deny
-- column reviewer: as served
-- column review: native id of what asked for it: a campaign, a review, a ticket; null when unknown
-- column reason: what the reviewer wrote, as served; strangers can write it
-- column remediation: what became of it where the platform carries decisions out: done, open, failed or by_hand; null where it does not
select null::varchar as source, null::varchar as decision_id, null::timestamp as at, null::varchar as account_id,
       null::varchar as entitlement_id, null::varchar as decision, null::varchar as reviewer, null::varchar as review, null::varchar as reason,
       null::varchar as remediation
where false
