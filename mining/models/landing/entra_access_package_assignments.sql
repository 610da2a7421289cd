-- entra_access_package_assignments: who was given an access package, one row each.
-- column state: delivered while the assignment stands; delivering, partiallyDelivered, deliveryFailed or expired, in lower case
-- column policy_id: the policy by which it was given, needed to give it again
-- column ended_at: UTC, when it ends by itself; null for never
with line as (
  select *, try_cast(schedule.expiration.endDateTime as timestamptz) at time zone 'UTC' as ended_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', state: 'VARCHAR', target: 'STRUCT(objectId VARCHAR)', accessPackage: 'STRUCT(id VARCHAR, displayName VARCHAR)',
    assignmentPolicy: 'STRUCT(id VARCHAR)', schedule: 'STRUCT(expiration STRUCT(endDateTime VARCHAR))'}))
select id, lower(state) as state, target.objectId as principal_id, accessPackage.id as package_id, accessPackage.displayName as package_name,
       assignmentPolicy.id as policy_id, ended_at,
       case when schedule.expiration.endDateTime is not null and ended_at is null
              then concat('endDateTime "', schedule.expiration.endDateTime, '" is not a timestamp') end as fault
from line
