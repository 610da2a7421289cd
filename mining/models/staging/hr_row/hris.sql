-- hr_row_hris: rows of HR files, reports and systems, read by the paths of config.column_map (of several, one a line, the
-- first that says something counts) and translated by config.value_map; date_format there is a format of strptime for
-- dates that are not ISO 8601: %d/%m/%Y, %m/%d/%Y, %d.%m.%Y, %d-%m-%Y or %Y%m%d.
with landed_row as (
  select source, 'workers' as stream, body from landed.hris_workers
  union all select source, 'persons', body from landed.hris_persons
  union all select source, 'positions', body from landed.hris_positions
  union all select source, 'statuses', body from landed.hris_statuses
  union all select source, 'transfers', body from landed.hris_transfers
  union all select source, 'leaves', body from landed.hris_leaves
  union all select source, 'terminations', body from landed.hris_terminations),
path as (
  select source, stream, list({'field': field, 'paths': string_split(path, chr(10))} order by field) filter (field <> 'date_format') as paths,
         max(path) filter (field = 'date_format') as date_format
  from config.column_map group by source, stream),
cell as (
  select source, stream, date_format, map_from_entries(list_transform(paths, lambda p: (p.field,
           list_filter(list_transform(p.paths, lambda one: nullif(regexp_replace(trim(json_extract_string(body, one)),
             '(?i)^(-|\.|n/?a|nil|null|none|tbd|tba|vacant|unknown|not applicable|0000-00-00.*|0001-01-01.*|9999-.*)$', ''), '')),
             lambda said: said is not null)[1]))) as v
  from landed_row join path using (source, stream)),
dated as (
  select *, map_from_entries(list_transform(
           ['hire_date', 'termination_date', 'contract_end', 'effective', 'first_day', 'last_day', 'status_since', 'status_until'], lambda f: (f,
             case when regexp_matches(v[f], '^\d{4}-\d\d?-\d\d?([T ].*)?$') then try_cast(regexp_extract(v[f], '^[\d-]+') as date)
                  else case date_format when '%d/%m/%Y' then try_strptime(v[f], '%d/%m/%Y') when '%m/%d/%Y' then try_strptime(v[f], '%m/%d/%Y')
                       when '%d.%m.%Y' then try_strptime(v[f], '%d.%m.%Y') when '%d-%m-%Y' then try_strptime(v[f], '%d-%m-%Y')
                       when '%Y%m%d' then try_strptime(v[f], '%Y%m%d') end::date end))) as d
  from cell)
select r.source, r.stream, v['employee_id'] as worker_id, v['record_id'] as record_id,
       coalesce(v['display_name'], nullif(trim(concat_ws(' ', v['first_name'], v['last_name'])), '')) as display_name,
       v['email'] as email, v['department'] as department, v['title'] as title, v['location'] as location,
       v['manager_id'] as manager_id, v['old_department'] as old_department, v['old_title'] as old_title,
       coalesce(t.ours, v['worker_type']) as worker_type, coalesce(s.ours, v['status']) as status, v['kind'] as kind,
       d['hire_date'] as hire_date, d['termination_date'] as termination_date, d['contract_end'] as contract_end,
       d['effective'] as effective, d['first_day'] as first_day, d['last_day'] as last_day,
       d['status_since'] as status_since, d['status_until'] as status_until,
       nullif(concat_ws('; ', if(v['employee_id'] is null and v['record_id'] is null, 'employee_id says nothing', null),
         nullif(array_to_string(list_transform(list_filter(map_keys(d), lambda f: v[f] is not null and d[f] is null),
           lambda f: concat(f, ' "', left(v[f], 80), '" is not a date')), '; '), '')), '') as doubt
from dated as r
left join config.value_map t on t.source = r.source and t.stream = r.stream and t.field = 'worker_type' and t.theirs = lower(v['worker_type'])
left join config.value_map s on s.source = r.source and s.stream = r.stream and s.field = 'status' and s.theirs = lower(v['status'])
