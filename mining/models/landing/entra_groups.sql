-- entra_groups: groups of the directory as Graph lists them, one row each.
-- column dynamic: a rule of the directory decides on membership
-- column synced: another directory decides on membership
-- column assignable: directory roles can be given to the group
-- column owner: id of one owner, the first by id, where owners were expanded
select id, displayName as name, description, coalesce(list_contains(groupTypes, 'DynamicMembership'), false) as dynamic,
       coalesce(list_contains(groupTypes, 'Unified'), false) as unified, nullif(membershipRule, '') as rule,
       lower(membershipRuleProcessingState) as rule_state, list_min(list_transform(owners, lambda o: o.id)) as owner,
       coalesce(try_cast(isAssignableToRole as boolean), false) as assignable,
       coalesce(try_cast(onPremisesSyncEnabled as boolean), false) as synced,
       try_cast(securityEnabled as boolean) as security_enabled, try_cast(mailEnabled as boolean) as mail_enabled,
       try_cast(createdDateTime as timestamptz) at time zone 'UTC' as created_at,
       case when isAssignableToRole is not null and try_cast(isAssignableToRole as boolean) is null
              then concat('isAssignableToRole "', isAssignableToRole, '" is not true or false')
            when onPremisesSyncEnabled is not null and try_cast(onPremisesSyncEnabled as boolean) is null
              then concat('onPremisesSyncEnabled "', onPremisesSyncEnabled, '" is not true or false')
            when securityEnabled is not null and security_enabled is null
              then concat('securityEnabled "', securityEnabled, '" is not true or false')
            when mailEnabled is not null and mail_enabled is null
              then concat('mailEnabled "', mailEnabled, '" is not true or false')
            when createdDateTime is not null and created_at is null
              then concat('createdDateTime "', createdDateTime, '" is not a timestamp') end as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', displayName: 'VARCHAR', description: 'VARCHAR', groupTypes: 'VARCHAR[]', membershipRule: 'VARCHAR',
  membershipRuleProcessingState: 'VARCHAR', isAssignableToRole: 'VARCHAR', onPremisesSyncEnabled: 'VARCHAR',
  securityEnabled: 'VARCHAR', mailEnabled: 'VARCHAR', createdDateTime: 'VARCHAR', owners: 'STRUCT(id VARCHAR)[]'})
