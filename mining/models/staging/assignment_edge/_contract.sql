-- assignment_edge: an account is given an entitlement by the platform itself, not through another entitlement.
-- grain: account_id, entitlement_id, path_kind, via_id
-- column path_kind: direct, rule (via_id = rule), group (via_id = entitlement that gives it, when the platform lists derived access), or package (via_id = package)
-- column via_id: identifier with the source prefix, empty string for direct
-- column native_ref: the platform's id of the assignment, needed to remove it; null where account and entitlement suffice
-- column since: UTC, when it was given, if the platform says so
-- column until: UTC, when it ends by itself, if it does
-- column eligible: true for access that must be activated before use (privileged identity management)
select null::varchar as source, null::varchar as account_id, null::varchar as entitlement_id,
       null::varchar as path_kind, null::varchar as via_id, null::varchar as native_ref,
       null::timestamp as since, null::timestamp as until, null::boolean as eligible
where false
