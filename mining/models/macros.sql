-- Macros that the models share. Each is one statement; a blank line separates them.

-- Lower and upper end of the 90 % Wilson score interval of a share p with weight w (Wilson 1927; z = 1.6449).
create macro scratch.main.wilson_low(p, w) as
    case when p is not null then round(greatest(0, (p + 1.3528 / w - 1.6449 * sqrt(greatest(0, p * (1 - p) / w + 0.6764 / (w * w)))) / (1 + 2.7055 / w)), 6) end;

create macro scratch.main.wilson_high(p, w) as
    case when p is not null then round(least(1, (p + 1.3528 / w + 1.6449 * sqrt(greatest(0, p * (1 - p) / w + 0.6764 / (w * w)))) / (1 + 2.7055 / w)), 6) end;

-- A text folded for comparison: lower case, without accents, punctuation as single blanks; null when nothing is left.
create macro scratch.main.fold(t) as
    nullif(trim(regexp_replace(lower(strip_accents(t)), '[^\p{L}\p{N}]+', ' ', 'g')), '');

-- What spares an assignment for a while: grant, hire or change, the first that holds; null outside of grace. Days are the policy's.
create macro scratch.main.grace_of(since, hired, moved, grant_days, hire_days, change_days) as
    case when since > getvariable('as_of') - to_days(grant_days) then 'grant'
         when hired > getvariable('as_of')::date - hire_days then 'hire'
         when moved > getvariable('as_of')::date - change_days then 'change' end;

-- Whether the log is too short to tell yearly use from disuse: below thirteen months, for what may rest for weeks. Null where nothing
-- is known. Days, and months.
create macro scratch.main.unknown_year(quiet, longest, pace, months) as
    (pace > 45 or longest > 45) and months < 13 and quiet < 200;

-- Whether a tool that living users may leave alone for half a year (175 days) was watched for less than three such spans, too few to
-- call it never used.
create macro scratch.main.slow_tool(exposure, pace) as
    pace >= 175 and exposure < 3 * pace;

-- Whether somebody whom HR does not know has been silent altogether for over a month, in a tenant where HR is read: they may be on
-- leave, or nobody's, and are asked about as a whole (marts.orphan). Quiet in days; workers: how many HR lists.
create macro scratch.main.unaccounted(employment, quiet, workers) as
    employment = 'unknown' and quiet > 30 and workers > 0;
