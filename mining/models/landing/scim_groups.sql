-- scim_groups: groups of the provider, one row each.
-- column members: list of {value, kind}, kind user or group where the provider says; null when members are not served
with line as (
  select *, try_cast(meta.created as timestamptz) at time zone 'UTC' as created_at,
         try_cast(meta.lastModified as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', externalId: 'VARCHAR', displayName: 'VARCHAR', meta: 'STRUCT(created VARCHAR, lastModified VARCHAR)',
    members: 'STRUCT("value" VARCHAR, "type" VARCHAR, "$ref" VARCHAR)[]'}))
select id, nullif(displayName, '') as "name", nullif(externalId, '') as external_id,
       list_transform(list_filter(members, lambda m: m."value" <> ''), lambda m: {"value": m."value",
         kind: case when lower(m."type") in ('user', 'group') then lower(m."type") when contains(m."$ref", '/Users/') then 'user'
                    when contains(m."$ref", '/Groups/') then 'group' end}) as members, updated_at,
       case when meta.created is not null and created_at is null then concat('meta.created "', meta.created, '" is not a timestamp')
            when meta.lastModified is not null and updated_at is null
              then concat('meta.lastModified "', meta.lastModified, '" is not a timestamp') end as fault
from line
