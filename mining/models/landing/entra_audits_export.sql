-- entra_audits_export: changes of access and accounts out of an archive, one row each: exports of Azure Monitor and the Office 365
-- management form. Read as entra_directory_audits; rows without an id of their own are known by a hash of what was read.
with raw as (
  select r.*, coalesce(nullif(properties.activityDateTime, ''), nullif(CreationTime, ''), "time") as stamp,
         coalesce(nullif(properties.id, ''), nullif("Id", ''), 'md5:' || md5(r::varchar)) as event_id,
         regexp_extract(list_filter(Target, lambda t: t."Type" = '2' and t.ID like '%!_%' escape '!')[1].ID,
           '^([A-Za-z]+)_(.+)$', ['type', 'id']) as object
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    category: 'VARCHAR', "time": 'VARCHAR', properties: 'STRUCT(id VARCHAR, activityDateTime VARCHAR, activityDisplayName
      VARCHAR, "result" VARCHAR, targetResources JSON, initiatedBy STRUCT("user" STRUCT(id VARCHAR), app STRUCT(
      servicePrincipalId VARCHAR)))', "Id": 'VARCHAR', Operation: 'VARCHAR', CreationTime: 'VARCHAR',
    ResultStatus: 'VARCHAR', UserId: 'VARCHAR', Target: 'STRUCT(ID VARCHAR, "Type" VARCHAR)[]',
    ModifiedProperties: 'STRUCT("Name" VARCHAR, OldValue VARCHAR, NewValue VARCHAR)[]'}) r),
line as (
  select *, regexp_replace(coalesce(properties.activityDisplayName, Operation), '[. ]+$', '') as name,
         coalesce(properties."result", regexp_replace(lower(ResultStatus), '^succe.*', 'success')) as result,
         coalesce(properties.initiatedBy."user".id, properties.initiatedBy.app.servicePrincipalId, UserId) as actor,
         if(Operation is null, from_json(replace(properties.targetResources::varchar, '"Type":', '"type":'), '[{"id":"VARCHAR",
           "type":"VARCHAR","modifiedProperties":[{"displayName":"VARCHAR","oldValue":"VARCHAR","newValue":"VARCHAR"}]}]'),
           [{id: nullif(object.id, ''), "type": object."type", modifiedProperties: list_transform(ModifiedProperties,
             lambda p: {displayName: p."Name", oldValue: p.OldValue, newValue: p.NewValue})}]) as touched,
         try_cast(if(regexp_matches(stamp, '(Z|[+-]\d\d:?\d\d)$'), stamp, stamp || 'Z') as timestamptz) at time zone 'UTC' as "at"
  from raw),
parsed as (
  select *, list_transform(flatten(list_transform(touched, lambda t: t.modifiedProperties)), lambda p: {
           name: p.displayName, old: nullif(trim(p.oldValue, '"'), ''), new: nullif(trim(p.newValue, '"'), '')}) as property,
         list_transform(['User', 'Group', 'Role', 'ServicePrincipal', ''],
           lambda k: list_filter(touched, lambda t: coalesce(t."type", '') = k)[1].id) as typed,
         regexp_extract(lower(name), '^(add|remove) (member|app role assignment)(?: grant)? (?:to|from) (group|role|user)$',
           ['verb', 'what', 'whom']) as op
  from line),
named as (
  select *, list_transform(['User.ObjectID', 'Group.ObjectID', 'Role.TemplateId', 'Role.ObjectID', 'AppRole.Id'], lambda k:
           list_transform(list_filter(property, lambda p: p.name = k),
             lambda p: if(op.verb = 'add', coalesce(p.new, p.old), coalesce(p.old, p.new)))[1]) as ref,
         list_filter(property, lambda p: p.name in ('Department', 'JobTitle', 'PhysicalDeliveryOfficeName'))[1] as edit,
         case lower(name) when 'disable account' then 'suspended' when 'delete user' then 'deprovisioned'
           when 'enable account' then 'active' when 'restore user' then 'active' end as status
  from parsed),
found as (
  select *, coalesce(ref[1], typed[1], typed[5]) as person, coalesce(ref[2], typed[2]) as team,
         op.what = 'app role assignment' and op.whom = 'group' as opens, regexp_matches(lower(name), '^add member to role completed.*pim activation') as activates,
         case when activates then typed[3] when op.what = 'member' then if(op.whom = 'role', coalesce(ref[3], ref[4], typed[3]), team)
           else typed[4] || coalesce('/' || nullif(ref[5], '00000000-0000-0000-0000-000000000000'), '') end as gets,
         case when activates and person is not null and typed[3] is not null then 'use'
              when op.verb <> '' and gets is not null and if(opens, team, person) is not null
                then if(opens, 'opens_', '') || if(op.verb = 'add', 'grant', 'revoke')
              when person is not null and (status is not null or lower(name) = 'update user' and edit is not null)
                then 'account_change' else 'other' end as kind
  from named)
select event_id, "at", kind, if(result in ('success', 'failure'), result, 'weak') as outcome,
       if(opens, null, person) as account, if(opens, team, gets) as entitlement,
       case when opens then gets when kind <> 'account_change' then null when status is not null then 'status'
            when edit.name = 'Department' then 'department' when edit.name = 'JobTitle' then 'title' else 'location' end as other,
       if(kind = 'account_change', coalesce(status, json_extract_string(edit.new, '$[0]'), edit.new), null) as value,
       null::boolean as interactive, actor, name as event_type, 1::bigint as n,
       case when "at" is null then concat('time "', stamp, '" is not a timestamp')
            when name is null then concat('category "', category, '" holds no audited activity')
            when name like 'UserLog%' then concat('Operation "', name, '" is a sign-in') end as fault
from found
