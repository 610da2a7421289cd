-- account_file: accounts of files. Where a folder has no file of accounts, whoever holds something today has an active
-- account; whoever only the log still names is left to core.account, as absent.
with listed as (
  select * from landed.file_accounts
  qualify row_number() over (partition by source, account_id order by status, created_at desc nulls last, login nulls last,
    email nulls last, attributes) = 1),
derived as (
  select distinct source, account_id from staging.assignment_edge_file
  where (until is null or until > getvariable('as_of'))
    and source not in (select source from lake.pull where stream = 'accounts' and complete and coalesce(held, '') = ''))
select source, source || ':' || account_id as account_id, account_id as native_id, login, email, display_name, kind, status,
       employee_number, department, title, location, manager, created_at, null::timestamp as disabled_at,
       null::timestamp as last_seen_at, attributes::json as attributes
from listed
union all
select source, account_id, account_id[length(source) + 2:], account_id[length(source) + 2:], null, null, null, 'active',
       null, null, null, null, null, null, null, null, null
from derived
