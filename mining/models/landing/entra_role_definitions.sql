-- entra_role_definitions: directory roles, built in and custom, one row each.
-- column template_id: the id by which the audit log names the role
select id, nullif(templateId, '') as template_id, displayName as name, description, try_cast(isEnabled as boolean) as enabled,
       case when isEnabled is not null and enabled is null
              then concat('isEnabled "', isEnabled, '" is not true or false') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', templateId: 'VARCHAR', displayName: 'VARCHAR', description: 'VARCHAR', isEnabled: 'VARCHAR'})
