-- file_entitlements: entitlements as a file lists them, one row each.
-- column kind: group, app, app_role, directory_role, licence or access_package; null when the file does not say
-- column sign_on: federated, password, bookmark or none, where the file says what a log can show
-- column doubt: words of optional fields that could not be read; the row stands without them
with line as (
  select * replace (replace(lower(coalesce(trim(kind), '')), ' ', '_') as kind, lower(nullif(trim(sign_on), '')) as sign_on,
                    nullif(trim(privileged), '') as privileged, nullif(trim(monthly_cost), '') as monthly_cost)
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false,
    columns = {entitlement_id: 'VARCHAR', kind: 'VARCHAR', name: 'VARCHAR', description: 'VARCHAR', owner: 'VARCHAR',
    privileged: 'VARCHAR', monthly_cost: 'VARCHAR', sign_on: 'VARCHAR'})),
told as (
  select *, case when kind in ('group', 'app', 'app_role', 'directory_role', 'licence', 'access_package') then kind
              when kind in ('team', 'distribution_list', 'security_group') then 'group' when kind = 'application' then 'app'
              when kind in ('role', 'permission', 'profile') then 'app_role' when kind in ('admin_role') then 'directory_role'
              when kind in ('license', 'sku') then 'licence' when kind in ('package', 'bundle') then 'access_package' end as known_kind,
         try_cast(privileged as boolean) as is_privileged, try_cast(monthly_cost as decimal(18, 2)) as cost,
         case when sign_on in ('federated', 'password', 'bookmark', 'none') then sign_on end as known_sign_on
  from line)
select entitlement_id, known_kind as kind, nullif(trim(name), '') as name, nullif(trim(description), '') as description,
       nullif(trim(owner), '') as owner, is_privileged as privileged, cost as monthly_cost, known_sign_on as sign_on,
       nullif(concat_ws('; ', if(kind <> '' and known_kind is null, concat('kind "', left(kind, 80), '" is not known'), null),
         if(privileged is not null and is_privileged is null, concat('privileged "', left(privileged, 80), '" is not yes or no'), null),
         if(monthly_cost is not null and cost is null, concat('monthly_cost "', left(monthly_cost, 80), '" is not a number'), null),
         if(sign_on is not null and known_sign_on is null, concat('sign_on "', left(sign_on, 80), '" is not known'), null)), '') as doubt,
       null::varchar as fault
from told
