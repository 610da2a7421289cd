-- okta_principal_entitlements: what a user effectively holds of one entitlement of one app, one row each.
-- column id: the entitlement
-- column "values": the values that are held, with the names by which the app knows them
select id, parent.externalId as app_id, targetPrincipal.externalId as user_id, targetPrincipal."type" as principal_type, "name",
       "values", null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', externalValue: 'VARCHAR', parent: 'STRUCT(externalId VARCHAR, "type" VARCHAR)',
  targetPrincipal: 'STRUCT(externalId VARCHAR, "type" VARCHAR)',
  "values": 'STRUCT(id VARCHAR, "name" VARCHAR, externalValue VARCHAR, description VARCHAR)[]'})
