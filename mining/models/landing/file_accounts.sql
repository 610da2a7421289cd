-- file_accounts: accounts as a file lists them, one row each.
-- column kind: user, guest, service or shared; null when the file does not say or says another word
-- column status: staged, active, suspended or deprovisioned; active when the file has no such column
-- column attributes: the columns that are no field, as a JSON object
-- column doubt: words of optional fields that could not be read; the row stands without them
with line as (
  select json, lower(coalesce(trim(json->>'$.kind'), '')) as kind_word, lower(coalesce(trim(json->>'$.status'), '')) as status_word,
         nullif(regexp_replace(trim(json->>'$.created_at'), '(?i)^(-|n/?a|null|none|never|0000-00-00.*)$', ''), '') as created
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    records = 'false', columns = {json: 'JSON'})),
told as (
  select *, case when kind_word in ('user', 'person', 'human', 'employee', 'member', 'normal') then 'user'
              when kind_word in ('guest', 'external', 'b2b', 'partner') then 'guest'
              when kind_word in ('service', 'system', 'bot', 'machine', 'robot', 'technical', 'api') then 'service'
              when kind_word in ('shared', 'generic', 'functional', 'mailbox', 'kiosk') then 'shared' end as kind,
         case when status_word in ('', 'active', 'enabled', 'true', 'yes', '1', 'a') then 'active'
              when status_word in ('staged', 'pending', 'invited', 'provisioned', 'new') then 'staged'
              when status_word in ('suspended', 'locked', 'locked_out', 'blocked') then 'suspended'
              when status_word in ('deprovisioned', 'disabled', 'inactive', 'deleted', 'terminated', 'closed', 'false', 'no', '0')
                then 'deprovisioned' end as status,
         try_cast(regexp_replace(created, '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') as timestamptz) at time zone 'UTC' as created_at
  from line)
select json->>'$.account_id' as account_id, nullif(trim(json->>'$.login'), '') as login, nullif(trim(json->>'$.email'), '') as email,
       nullif(trim(json->>'$.display_name'), '') as display_name, kind, status,
       nullif(trim(json->>'$.employee_number'), '') as employee_number, nullif(trim(json->>'$.department'), '') as department,
       nullif(trim(json->>'$.title'), '') as title, nullif(trim(json->>'$.location'), '') as location,
       nullif(trim(json->>'$.manager'), '') as manager, created_at,
       json_merge_patch(json, '{"_id":null,"account_id":null,"login":null,"email":null,"display_name":null,"kind":null,
         "status":null,"employee_number":null,"department":null,"title":null,"location":null,"manager":null,
         "created_at":null}')::varchar as attributes,
       nullif(concat_ws('; ', if(kind_word <> '' and kind is null, concat('kind "', left(kind_word, 80), '" is not known'), null),
         if(status is null, concat('status "', left(status_word, 80), '" is not known'), null),
         if(created is not null and created_at is null, concat('created_at "', left(created, 80), '" is not a time'), null)), '') as doubt,
       null::varchar as fault
from told
