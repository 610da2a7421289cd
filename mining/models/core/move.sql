-- move: the last transfer of an identity to another department or title that has taken effect.
-- grain: identity_key
-- column effective: first day in the new place
-- column peer_old_department: the old department, folded as in core.identity; null when HR does not say it
select i.identity_key, v.effective, v.old_department, coalesce(v.department, i.department) as new_department,
       fold(v.old_department) as peer_old_department
from core.worker_event as v
join core.identity as i on i.worker_id = v.worker_id
where v.kind = 'transfer' and v.effective <= getvariable('as_of')::date
qualify row_number() over (partition by i.identity_key order by v.effective desc, v.source) = 1
order by i.identity_key
