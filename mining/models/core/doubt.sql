-- doubt: an optional value that a source served and that could not be read: its row stands, without the value.
-- grain: source, stream, native_ref, doubt
-- column native_ref: what the row is about, in the source's own ids
-- column doubt: field, value and reason
select distinct source, stream, coalesce(native_ref, '') as native_ref, doubt
from staging.doubt
where doubt is not null
order by all
