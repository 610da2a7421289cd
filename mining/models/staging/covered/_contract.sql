-- covered: days that a source itself vouches for, in addition to what the pull loop saw.
-- grain: source, stream, first_day, last_day
select null::varchar as source, null::varchar as stream, null::date as first_day, null::date as last_day
where false
