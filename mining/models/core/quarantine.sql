-- quarantine: what was received and refused, and why. The bytes stay in the lake, out of this file.
-- grain: source, stream, place, line, field, reason
-- column place: file or address that served it; the day for what a landing model found at fault
-- column line: line of the file or item of the page; 0 when unknown
-- column field: the field at fault; empty for the whole item
-- column reason: why it was refused
-- column hint: the way out
-- column records: how many records were refused so
select p.source, p.stream, coalesce(r.place, '') as place, coalesce(r.line, 0) as line, coalesce(r.field, '') as field,
       coalesce(r.reason, '') as reason, any_value(r.hint) as hint, count(*) as records
from lake.refused as r join lake.counted as p using (quarantine_file)
group by p.source, p.stream, coalesce(r.place, ''), coalesce(r.line, 0), coalesce(r.field, ''), coalesce(r.reason, '')
union all
select source, stream, coalesce(day::varchar, 'inventory'), 0, '', fault,
       'correct the value at its source; the record lands again with the next pull', sum(copies)::bigint
from lake.encoded where fault is not null
group by source, stream, coalesce(day::varchar, 'inventory'), fault
order by 1, 2, 3, 4, 5, 6
