-- assignment_edge: who was given what at the cut, by the history of the present. A spell whose beginning nobody knows
-- counts where the cut lies within what the history of its source can know.
-- grain: account_id, entitlement_id, path_kind, via_id
select h.source, h.account_id, h.entitlement_id, h.path_kind, coalesce(h.via_id, '') as via_id, h.native_ref,
       h.valid_from as since, h.until, h.eligible
from present.core.assignment_history as h
left join past.known as k using (source)
where (h.valid_from < getvariable('as_of') or (h.valid_from is null and k.known_from <= getvariable('as_of')))
  and (h.valid_to is null or h.valid_to >= getvariable('as_of'))
qualify row_number() over (partition by h.account_id, h.entitlement_id, h.path_kind, coalesce(h.via_id, '') order by h.spell desc) = 1
