-- doubt: an optional value that a source served and that could not be read: its row stands, without the value.
-- What makes a whole row unreadable is a fault and goes to quarantine instead.
-- grain: source, stream, native_ref, doubt
-- column native_ref: what the row is about, in the source's own ids
-- column doubt: field, value and reason, for instance since "31/12/2025" is not a time
select null::varchar as source, null::varchar as stream, null::varchar as native_ref, null::varchar as doubt
where false
