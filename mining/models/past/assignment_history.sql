-- assignment_history: who was given what, as far as the cut could know.
-- grain: account_id, entitlement_id, path_kind, via_id, spell
select * replace (case when valid_to < getvariable('as_of') then valid_to end as valid_to, case when valid_to < getvariable('as_of') then to_basis end as to_basis)
from present.core.assignment_history
where valid_from is null or valid_from < getvariable('as_of')
order by all
