-- source_age: how much of the recent past the logs of a source carry.
-- grain: source
-- column input_age_days: days between the last covered day and the as-of day; 0 when the day before is covered
-- column gap_days: days that are not covered between the first and the last covered one
-- column months: whole months of covered days
select r.source, (getvariable('as_of')::date - r.newest - 1)::integer as input_age_days,
       (r.newest - r.log_start + 1 - r.covered_days)::integer as gap_days, r.covered_days, r.log_start, r.newest as log_end,
       r.horizon_days, (r.covered_days // 30)::integer as months
from core.reference as r
where r.ref = 0
order by r.source
