-- alias: another native id under which the log names an entitlement, for instance an application id.
-- grain: source, alias
-- column alias: the id in the log
-- column entitlement_id: the entitlement that it means
select null::varchar as source, null::varchar as alias, null::varchar as entitlement_id
where false
