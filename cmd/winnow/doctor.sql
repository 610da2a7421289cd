-- What the ledger of coverage means for conclusions, as tables of the schema
-- doctor. core.coverage, core.reference and core.log_need are the models' own.
create schema doctor;

-- a run of days that are not complete; the day that has not ended is no hole
create table doctor.hole as
with bad as (
    select source, stream, status, reason, day,
           day - row_number() over (partition by source, stream, status order by day)::integer as spell
    from core.coverage where status <> 'complete' and day < getvariable('as_of')::date
)
select source, stream, status, min(day) as first_day, max(day) as last_day, count(*)::integer as days, arg_min(reason, day) as reason
from bad group by source, stream, status, spell;

-- a need that no stream of the source ever met
create table doctor.lacking as
select s.source, n.need, string_agg(distinct n.stream, ' or ' order by n.stream) as streams
from config.source as s join core.log_need as n using (type)
left join core.coverage as c on c.source = s.source and c.stream = n.stream and c.status = 'complete'
group by s.source, n.need having count(c.day) = 0;

-- how old the inventories are
create table doctor.inventory as
select source, stream, max("at") filter (complete and held is null) as whole_at,
       arg_max(coalesce(held, ''), (pull, batch)) as held,
       arg_max(case when complete then '' else coalesce(note, '') end, (pull, batch)) as note
from lake.pull where not events group by source, stream;

-- the calendar: a letter a day, one row a month
create table doctor.calendar as
with span as (
    select source, stream, unnest(generate_series(date_trunc('month', min(day))::date, last_day(max(day)), interval 1 day))::date as day
    from core.coverage group by source, stream
)
select s.source, s.stream, strftime(s.day, '%Y-%m') as month,
       string_agg(case c.status when 'complete' then '#' when 'partial' then '+' when 'gap' then '-' else ' ' end, '' order by s.day) as days
from span as s left join core.coverage as c using (source, stream, day)
group by s.source, s.stream, strftime(s.day, '%Y-%m');
