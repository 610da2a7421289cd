-- opens_spell: a time, also a past one, for which a source itself says that one entitlement opened another.
-- grain: entitlement_id, opens_id, since, until
-- column since: UTC; null when the source does not say
-- column until: UTC; null while it opens
select null::varchar as source, null::varchar as entitlement_id, null::varchar as opens_id,
       null::timestamp as since, null::timestamp as until
where false
