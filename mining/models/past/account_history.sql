-- account_history: the accounts, as far as the cut could know.
-- grain: account_id, spell
select * replace (case when valid_to < getvariable('as_of') then valid_to end as valid_to)
from present.core.account_history
where valid_from is null or valid_from < getvariable('as_of')
order by all
