-- decision: what a reviewer decided about one assignment.
-- grain: decision_id
-- column decision_id: source, a colon, native id or a hash of the row
-- column decision: approve or deny
-- column reviewer: as served
select null::varchar as source, null::varchar as decision_id, null::timestamp as at, null::varchar as account_id,
       null::varchar as entitlement_id, null::varchar as decision, null::varchar as reviewer
where false
