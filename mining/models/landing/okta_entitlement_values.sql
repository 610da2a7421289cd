-- okta_entitlement_values: values of entitlements, one row each.
select parent_id as entitlement_id, item.id as id, item."name" as name, item.externalValue as external_value,
       nullif(item.description, '') as description, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {parent_id: 'VARCHAR',
  item: 'STRUCT(id VARCHAR, "name" VARCHAR, externalValue VARCHAR, description VARCHAR)'})
