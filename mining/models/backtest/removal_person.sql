-- removal_person: the people whose held access the removal scores are judged on: those who had access 30 days after the 180
-- days in which removals count, at most 4,000 and always the same. Empty when those days lie ahead.
-- grain: identity_key
select identity_key
from (select distinct identity_key from backtest.held) join core.identity using (identity_key)
where getvariable('as_of') + interval 180 days <= getvariable('judged_as_of')
order by sha256(identity_id) limit 4000
