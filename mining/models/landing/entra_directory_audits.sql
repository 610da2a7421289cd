-- entra_directory_audits: changes of access and of accounts out of Graph's directoryAudits, one row each.
-- Targets are picked by their type, never by their place. The ids of groups, roles and principals stand in
-- modifiedProperties as JSON-quoted strings: the new value of what is added, the old value of what is removed.
-- A role is named by its template, which is the id of its definition; an app role by <service principal>/<role>.
-- Who activates an eligible role (privileged identity management) uses it.
-- An update of several attributes tells the first of department, title and location that it lists.
with line as (
  select id as event_id, activityDateTime as stamp, regexp_replace(activityDisplayName, '[. ]+$', '') as name, result,
         coalesce(initiatedBy."user".id, initiatedBy.app.servicePrincipalId, initiatedBy.app.appId) as actor,
         from_json(replace(targetResources::varchar, '"Type":', '"type":'), '[{"id":"VARCHAR","type":"VARCHAR",
           "modifiedProperties":[{"displayName":"VARCHAR","oldValue":"VARCHAR","newValue":"VARCHAR"}]}]') as touched,
         try_cast(if(regexp_matches(stamp, '(Z|[+-]\d\d:?\d\d)$'), stamp, stamp || 'Z') as timestamptz) at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', activityDateTime: 'VARCHAR', activityDisplayName: 'VARCHAR', result: 'VARCHAR', targetResources: 'JSON',
    initiatedBy: 'STRUCT("user" STRUCT(id VARCHAR), app STRUCT(servicePrincipalId VARCHAR, appId VARCHAR))'})),
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
         op.what = 'app role assignment' and op.whom = 'group' as opens,
         regexp_matches(lower(name), '^add member to role completed.*pim activation') as activates,
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
       case when "at" is null then concat('activityDateTime "', stamp, '" is not a timestamp') end as fault
from found
