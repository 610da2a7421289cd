-- entra_group_members: direct members of groups, one row each: users, groups, devices and service principals.
-- column member_type: user, group, device or serviceprincipal; null where the platform hides what the member is
select parent_id as group_id, item.id as member_id,
       lower(regexp_replace(item."@odata.type", '^#microsoft\.graph\.', '')) as member_type, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  parent_id: 'VARCHAR', item: 'STRUCT(id VARCHAR, "@odata.type" VARCHAR)'})
