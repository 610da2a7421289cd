-- unknown: what may have been held at the cut and may not: its beginning is not known, and the cut lies before all that
-- the history of its source can tell. It is left out of the cut, and counted.
-- grain: source
select h.source, count(*)::bigint as spells
from present.core.assignment_history as h
left join past.known as k using (source)
where h.valid_from is null and coalesce(k.known_from > getvariable('as_of'), true)
  and (h.valid_to is null or h.valid_to >= getvariable('as_of'))
group by h.source
order by h.source
