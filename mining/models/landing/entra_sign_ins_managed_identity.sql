-- entra_sign_ins_managed_identity: sign-ins of managed identities, one row each: a machine used an API.
-- The account is the service principal that signed in; what it used is the resource that it asked for, by its service
-- principal where the platform names that. Outcomes as in entra_sign_ins. Columns: mining/models/README.md.
with line as (
  select *, nullif(servicePrincipalId, '') as account,
         coalesce(nullif(nullif(resourceServicePrincipalId, ''), '00000000-0000-0000-0000-000000000000'), nullif(resourceId, '')) as resource,
         try_cast(if(regexp_matches(createdDateTime, '(Z|[+-]\d\d:?\d\d)$'), createdDateTime, createdDateTime || 'Z')
           as timestamptz) at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', createdDateTime: 'VARCHAR', appId: 'VARCHAR', resourceId: 'VARCHAR', resourceServicePrincipalId: 'VARCHAR',
    servicePrincipalId: 'VARCHAR', status: 'STRUCT(errorCode VARCHAR)'}))
select id as event_id, "at",
       case when account is null then 'other' when resource is null then 'presence' else 'use' end as kind,
       case when status.errorCode = '0' then 'success'
            when status.errorCode is null then 'weak'
            when status.errorCode in (
             '16000', '16001', '16003', '50055', '50058', '50059', '50072', '50074', '50076', '50079', '50097', '50125', '50127',
             '50129', '50140', '50143', '50144', '50199', '50203', '51006', '52004', '65001', '81010', '81012', '81014') then 'weak'
            else 'failure' end as outcome,
       account, resource as entitlement, null::varchar as other, null::varchar as value, false as interactive,
       null::varchar as actor, 'Sign-in activity' as event_type, 1::bigint as n,
       case when "at" is null then concat('createdDateTime "', createdDateTime, '" is not a timestamp')
            when status.errorCode is not null and try_cast(status.errorCode as bigint) is null
              then concat('status.errorCode "', status.errorCode, '" is not a number') end as fault
from line
