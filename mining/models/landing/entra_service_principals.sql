-- entra_service_principals: applications as the tenant knows them, with the app roles that they declare, one row each.
-- column app_id: the application's id in the sign-in log
-- column roles: declared app roles; users: people and groups can be given the role
select id, nullif(appId, '') as app_id, displayName as name, coalesce(description, notes) as description,
       lower(servicePrincipalType) as principal_type, lower(preferredSingleSignOnMode) as sign_on,
       try_cast(accountEnabled as boolean) as enabled,
       list_transform(list_filter(appRoles, lambda r: r.id is not null), lambda r: {
         id: r.id, name: coalesce(nullif(r.displayName, ''), r."value"), description: r.description,
         users: coalesce(list_contains(r.allowedMemberTypes, 'User'), false)}) as roles,
       case when accountEnabled is not null and enabled is null
              then concat('accountEnabled "', accountEnabled, '" is not true or false') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', appId: 'VARCHAR', displayName: 'VARCHAR', description: 'VARCHAR', notes: 'VARCHAR',
  servicePrincipalType: 'VARCHAR', preferredSingleSignOnMode: 'VARCHAR', accountEnabled: 'VARCHAR',
  appRoles: 'STRUCT(id VARCHAR, displayName VARCHAR, "value" VARCHAR, description VARCHAR, allowedMemberTypes VARCHAR[])[]'})
