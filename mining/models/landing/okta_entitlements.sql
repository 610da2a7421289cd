-- okta_entitlements: entitlements that apps declare to Identity Governance, one row each; what people hold are their values.
select id, parent.externalId as app_id, "name", nullif(externalValue, '') as external_value, nullif(description, '') as description,
       null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', externalValue: 'VARCHAR', description: 'VARCHAR', parent: 'STRUCT(externalId VARCHAR, "type" VARCHAR)'})
