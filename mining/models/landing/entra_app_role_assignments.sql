-- entra_app_role_assignments: who was given an application, or one of its roles, one row each.
-- column resource_id: service principal of the application
-- column role_id: app role; null for the default access that the platform writes as the zero GUID
-- column principal_type: user, group or serviceprincipal
select item.id as id, coalesce(nullif(item.resourceId, ''), parent_id) as resource_id, item.resourceDisplayName as resource_name,
       nullif(nullif(item.appRoleId, ''), '00000000-0000-0000-0000-000000000000') as role_id,
       item.principalId as principal_id, lower(item.principalType) as principal_type,
       try_cast(coalesce(item.createdDateTime, item.creationTimestamp) as timestamptz) at time zone 'UTC' as created_at,
       case when coalesce(item.createdDateTime, item.creationTimestamp) is not null and created_at is null
              then concat('createdDateTime "', coalesce(item.createdDateTime, item.creationTimestamp),
                          '" is not a timestamp') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR, resourceId VARCHAR, resourceDisplayName VARCHAR, appRoleId VARCHAR,
    principalId VARCHAR, principalType VARCHAR, createdDateTime VARCHAR, creationTimestamp VARCHAR)'})
