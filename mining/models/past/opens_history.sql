-- opens_history: what opened what, as far as the cut could know.
-- grain: entitlement_id, opens_id, spell
select * replace (case when valid_to < getvariable('as_of') then valid_to end as valid_to, case when valid_to < getvariable('as_of') then to_basis end as to_basis)
from present.core.opens_history
where valid_from is null or valid_from < getvariable('as_of')
order by all
