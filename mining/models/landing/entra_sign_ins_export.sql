-- entra_sign_ins_export: sign-ins out of an archive, one row each: exports of Azure Monitor (category, properties) and
-- sign-ins of the Office 365 management form (Operation UserLoggedIn or UserLoginFailed, Workload AzureActiveDirectory).
-- Service principals and managed identities are accounts of their own, and use a resource. A sign-out is no use.
-- Outcomes as in entra_sign_ins; rows without an id of their own are known by a hash of what was read.
with raw as (
  select r.*, coalesce(nullif(properties.createdDateTime, ''), nullif(CreationTime, ''), "time") as stamp,
         coalesce(properties.status.errorCode, resultType) as code, md5(r::varchar) as digest
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    category: 'VARCHAR', "time": 'VARCHAR', resultType: 'VARCHAR',
    properties: 'STRUCT(id VARCHAR, createdDateTime VARCHAR, userId VARCHAR, appId VARCHAR, isInteractive VARCHAR,
      servicePrincipalId VARCHAR, resourceId VARCHAR, resourceServicePrincipalId VARCHAR, status STRUCT(errorCode VARCHAR))',
    Id: 'VARCHAR', Operation: 'VARCHAR', CreationTime: 'VARCHAR', ApplicationId: 'VARCHAR', LogonError: 'VARCHAR',
    Actor: 'STRUCT(ID VARCHAR, "Type" VARCHAR)[]', ExtendedProperties: 'STRUCT("Name" VARCHAR, "Value" VARCHAR)[]'}) r),
line as (
  select *, coalesce(category in ('ServicePrincipalSignInLogs', 'ManagedIdentitySignInLogs'), false) as machine,
         if(machine, coalesce(nullif(nullif(properties.resourceServicePrincipalId, ''), '00000000-0000-0000-0000-000000000000'),
           nullif(properties.resourceId, '')), nullif(coalesce(properties.appId, ApplicationId), '')) as app,
         coalesce(if(machine, properties.servicePrincipalId, null), properties.userId, list_filter(Actor, lambda a: a."Type" = '0')[1].ID) as person,
         len(list_filter(ExtendedProperties, lambda p: p."Name" = 'RequestType' and p."Value" like '%Logout')) > 0 as signs_out,
         coalesce(try_cast(if(regexp_matches(stamp, '(Z|[+-]\d\d:?\d\d)$'), stamp, stamp || 'Z') as timestamptz)
           at time zone 'UTC', try_strptime(stamp, '%m/%d/%Y %I:%M:%S %p')) as "at",
         case when person in ('', 'Unknown', '00000000-0000-0000-0000-000000000000') then null else person end as account
  from raw)
select coalesce(nullif(properties.id, ''), nullif(Id, ''), 'md5:' || digest) as event_id, "at",
       case when account is null or signs_out then 'other' when app is null then 'presence' else 'use' end as kind,
       case when Operation = 'UserLoggedIn' or lower(code) in ('0', 'success') then 'success'
            when Operation is not null then if(LogonError like '%Interrupt', 'weak', 'failure')
            when code is null or code in (
             '16000', '16001', '16003', '50055', '50058', '50059', '50072', '50074', '50076', '50079', '50097', '50125', '50127',
             '50129', '50140', '50143', '50144', '50199', '50203', '51006', '52004', '65001', '81010', '81012', '81014') then 'weak'
            else 'failure' end as outcome,
       account, app as entitlement, null::varchar as other, null::varchar as value,
       coalesce(try_cast(properties.isInteractive as boolean), case category when 'SignInLogs' then true
         when 'NonInteractiveUserSignInLogs' then false else if(machine, false, null) end) as interactive,
       nullif(properties.servicePrincipalId, '') as actor, coalesce(Operation, 'Sign-in activity') as event_type, 1::bigint as n,
       case when "at" is null then concat('time "', stamp, '" is not a timestamp')
            when Operation is null and coalesce(category, '') not like '%SignInLogs'
              then concat('category "', category, '" holds no sign-ins')
            when Operation is not null and Operation not in ('UserLoggedIn', 'UserLoginFailed')
              then concat('Operation "', Operation, '" is not a sign-in') end as fault
from line
