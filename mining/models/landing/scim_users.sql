-- scim_users: users of the provider, one row each.
-- column active: true when the user may sign in; null when not served
-- column groups: list of {value, display, type}: groups that the user says to be in; type direct or indirect
-- column entitlements: list of {value, display}; providers write complex values or plain strings
-- column roles: likewise
with line as (
  select *, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" as e,
         try_cast(meta.created as timestamptz) at time zone 'UTC' as created_at,
         try_cast(meta.lastModified as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', externalId: 'VARCHAR', userName: 'VARCHAR', displayName: 'VARCHAR', title: 'VARCHAR', userType: 'VARCHAR', active: 'VARCHAR',
    meta: 'STRUCT(created VARCHAR, lastModified VARCHAR)', "name": 'STRUCT(formatted VARCHAR, givenName VARCHAR, familyName VARCHAR)',
    emails: 'STRUCT("value" VARCHAR, "type" VARCHAR, "primary" VARCHAR)[]',
    addresses: 'STRUCT(locality VARCHAR, "type" VARCHAR, "primary" VARCHAR)[]',
    groups: 'STRUCT("value" VARCHAR, display VARCHAR, "type" VARCHAR)[]', entitlements: 'JSON', roles: 'JSON',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": 'STRUCT(employeeNumber VARCHAR, costCenter VARCHAR, organization VARCHAR,
      division VARCHAR, department VARCHAR, manager JSON)'}))
select id, nullif(userName, '') as login,
       list_sort(list_transform(list_filter(emails, lambda m: m."value" <> ''), lambda m:
         {rank: case when lower(m."primary") = 'true' then 1 when m."type" = 'work' then 2 else 3 end, "value": m."value"}))[1]."value" as email,
       coalesce(nullif(displayName, ''), nullif("name".formatted, ''), nullif(trim(concat_ws(' ', "name".givenName, "name".familyName)), '')) as display_name,
       nullif(title, '') as title,
       list_sort(list_transform(list_filter(addresses, lambda m: m.locality <> ''), lambda m:
         {rank: case when lower(m."primary") = 'true' then 1 when m."type" = 'work' then 2 else 3 end, "value": m.locality}))[1]."value" as location,
       lower(active) = 'true' as active, nullif(e.employeeNumber, '') as employee_number, nullif(e.department, '') as department,
       nullif(coalesce(e.manager->>'$.value', if(json_type(e.manager) = 'VARCHAR', e.manager->>'$', null)), '') as manager,
       list_filter(groups, lambda g: g."value" <> '') as groups,
       list_filter(list_transform(json_extract(entitlements, '$[*]'), lambda x: {"value": if(json_type(x) = 'OBJECT', x->>'$.value', x->>'$'),
         display: x->>'$.display'}), lambda x: x."value" <> '') as entitlements,
       list_filter(list_transform(json_extract(roles, '$[*]'), lambda x: {"value": if(json_type(x) = 'OBJECT', x->>'$.value', x->>'$'),
         display: x->>'$.display'}), lambda x: x."value" <> '') as roles,
       created_at, updated_at,
       json_merge_patch('{}', json_object('user_type', userType, 'external_id', externalId, 'organization', e.organization,
         'division', e.division, 'cost_center', e.costCenter)) as attributes,
       case when meta.created is not null and created_at is null then concat('meta.created "', meta.created, '" is not a timestamp')
            when meta.lastModified is not null and updated_at is null
              then concat('meta.lastModified "', meta.lastModified, '" is not a timestamp') end as fault
from line
