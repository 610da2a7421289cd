-- what was refused at landing and has not landed since, by source, stream,
-- field and reason, with the newest example of each
select p.source, p.stream, coalesce(r.field, '') as field, coalesce(r.reason, '') as reason, coalesce(any_value(r.hint), '') as hint,
       count(*) as records,
       arg_max(coalesce(r.place, ''), (p.pull, p.batch, coalesce(r.line, 0))) as place,
       arg_max(coalesce(r.line, 0), (p.pull, p.batch, coalesce(r.line, 0))) as line,
       arg_max(coalesce(r.value, ''), (p.pull, p.batch, coalesce(r.line, 0))) as value,
       max(r.quarantine_file) as file
from lake.refused as r join lake.counted as p using (quarantine_file)
group by p.source, p.stream, coalesce(r.field, ''), coalesce(r.reason, '')
order by p.source, p.stream, records desc, field, reason
