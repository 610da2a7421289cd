-- entra_role_eligibilities: who may activate a directory role (privileged identity management), one row each.
-- column scope: "/" for the whole directory, else an administrative unit or an application
-- column assignment_type: assigned, or activated: a person made an eligible role active for a while; null for eligibilities
-- column member_type: direct, group (the principal gets it through a group) or inherited
-- column started_at, ended_at: UTC; without an end it is permanent
-- column origin_id: the assignment of which this is an instance
with line as (
  select *, try_cast(startDateTime as timestamptz) at time zone 'UTC' as started_at,
         try_cast(endDateTime as timestamptz) at time zone 'UTC' as ended_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', principalId: 'VARCHAR', roleDefinitionId: 'VARCHAR', directoryScopeId: 'VARCHAR', assignmentType: 'VARCHAR',
    memberType: 'VARCHAR', startDateTime: 'VARCHAR', endDateTime: 'VARCHAR', roleAssignmentOriginId: 'VARCHAR', roleEligibilityScheduleId: 'VARCHAR'}))
select id, principalId as principal_id, roleDefinitionId as role_id, coalesce(directoryScopeId, '/') as scope,
       lower(assignmentType) as assignment_type, lower(memberType) as member_type, started_at, ended_at,
       nullif(roleAssignmentOriginId, '') as origin_id, nullif(roleEligibilityScheduleId, '') as schedule_id,
       case when startDateTime is not null and started_at is null
              then concat('startDateTime "', startDateTime, '" is not a timestamp')
            when endDateTime is not null and ended_at is null
              then concat('endDateTime "', endDateTime, '" is not a timestamp') end as fault
from line
