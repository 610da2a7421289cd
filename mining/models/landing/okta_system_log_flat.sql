-- okta_system_log_flat: the Okta System Log as data lakes keep it, one row each event: flattened by Log Analytics
-- (eventType_s, targets as JSON text), or with the top-level keys in lower case (eventtype). Read as okta_system_log is.
with line as (
  select coalesce(uuid_g, uuid) as uuid, coalesce(published_t, published) as published,
         coalesce(eventType_s, eventtype) as event_type, coalesce(legacyEventType_s, legacyeventtype) as legacy_type,
         coalesce(actor, {'id': actor_id_s, 'type': actor_type_s, 'alternateId': actor_alternateId_s}) as actor,
         coalesce(outcome, {'result': outcome_result_s}) as outcome,
         try(from_json(nullif(target_s, ''), '[{"id": "VARCHAR", "type": "VARCHAR"}]')) as target_list,
         coalesce(target, target_list) as target,
         case when ends_with(stamp, 'Z') then try_cast(stamp as timestamp)
              else try_cast(if(regexp_matches(stamp, '[+-]\d\d:?\d\d$'), stamp, stamp || 'Z') as timestamptz)
                at time zone 'UTC' end as "at",
         case when target_s <> '' and target_list is null then concat('target_s "', left(target_s, 80), '" is not a list') end as unread
  from (select *, coalesce(published_t, published) as stamp
    from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    uuid_g: 'VARCHAR', published_t: 'VARCHAR', eventType_s: 'VARCHAR', legacyEventType_s: 'VARCHAR', actor_id_s: 'VARCHAR',
    actor_type_s: 'VARCHAR', actor_alternateId_s: 'VARCHAR', outcome_result_s: 'VARCHAR', target_s: 'VARCHAR',
    uuid: 'VARCHAR', published: 'VARCHAR', eventtype: 'VARCHAR', legacyeventtype: 'VARCHAR',
    actor: 'STRUCT(id VARCHAR, "type" VARCHAR, alternateId VARCHAR)',
    outcome: 'STRUCT("result" VARCHAR)', target: 'STRUCT(id VARCHAR, "type" VARCHAR)[]'}))),
-- from here on okta_system_log and okta_system_log_flat are one text
told as (
  select *, case
    when event_type in ('user.authentication.sso', 'user.session.access_admin_app', 'application.user_membership.show_password')
      or event_type = 'policy.evaluate_sign_on' and outcome.result = 'ALLOW' then 'sign_on'
    when event_type in ('user.session.start', 'user.authentication.verify')
      or starts_with(event_type, 'user.authentication.auth') then 'alive'
    when starts_with(event_type, 'app.oauth2.') and contains(event_type, '.token.grant') then 'token'
    when starts_with(event_type, 'app.oauth2.') and (contains(event_type, '.authorize') or deed = 'signon') then 'client'
    when event_type in ('group.user_membership.add', 'group.user_membership.remove') or event_type = 'app.user_management'
      and contains(legacy_type, 'app_group_member_import.') and ends_with(legacy_type, '_success') then 'member'
    when starts_with(event_type, 'application.user_membership.')
      and deed in ('add', 'provision', 'remove', 'revoke', 'deprovision') then 'assigned'
    when event_type in ('group.application_assignment.add', 'group.application_assignment.remove') then 'opens' end as tells,
    case when actor.type = 'User' then nullif(actor.id, '') end as actor_user,
    case when actor.type <> 'User' then coalesce(nullif(nullif(actor.id, ''), 'unknown'), nullif(actor.alternateId, '')) end as client
  from (select *, event_type.split_part('.', -1) as deed from line)),
aimed as ( -- a target is looked for only where it says something: most of the log is sign-ons by their actors
  select *,
    case when tells is not null and (actor_user is null or tells not in ('sign_on', 'alive', 'opens'))
         then nullif(list_filter(target, lambda t: t.type = 'User')[1].id, '') end as user_id,
    case when tells in ('member', 'opens') then nullif(list_filter(target, lambda t: t.type in ('UserGroup', 'AppGroup'))[1].id, '') end as group_id,
    case when tells not in ('alive', 'member')
         then nullif(list_filter(target, lambda t: t.type in ('AppInstance', 'PublicClientApp'))[1].id, '') end as app_id,
    tells in ('member', 'assigned', 'opens') as alters
  from told),
named as (
  select *,
    case when tells in ('sign_on', 'alive') then coalesce(actor_user, user_id)
         when tells in ('client', 'token') then coalesce(user_id, actor_user)
         when tells <> 'opens' then user_id end as account,
    case when tells in ('client', 'token') then coalesce(client, app_id) when tells in ('sign_on', 'assigned') then app_id
         when tells in ('member', 'opens') then group_id end as entitlement,
    case when alters then deed in ('remove', 'revoke', 'deprovision') or coalesce(contains(legacy_type, '.delete_'), false) end as takes
  from aimed)
select uuid as event_id, "at",
  case when tells in ('sign_on', 'client', 'token') and account is not null and entitlement is not null then 'use'
       when tells in ('sign_on', 'client', 'token', 'alive') and account is not null then 'presence'
       when not alters then 'other'
       when tells <> 'opens' and account is not null and entitlement is not null then if(takes, 'revoke', 'grant')
       when tells = 'opens' and entitlement is not null and app_id is not null then if(takes, 'opens_revoke', 'opens_grant')
       else 'other' end as kind,
  case when outcome.result = 'SUCCESS' then 'success'
       when outcome.result in ('FAILURE', 'DENY', 'RATE_LIMIT', 'ABANDONED', 'UNANSWERED') then 'failure' else 'weak' end as outcome,
  account, entitlement, case when tells = 'opens' then app_id end as other, null::varchar as value,
  case when tells = 'token' then false when tells in ('sign_on', 'client') or deed = 'start' then true end as interactive,
  case when alters then nullif(actor.id, '') end as actor,
  event_type, 1::bigint as n,
  case when "at" is null then concat('published "', published, '" is not a timestamp')
       when coalesce(uuid, '') = '' then 'uuid is missing'
       when coalesce(event_type, '') = '' then 'eventType is missing' else unread end as fault
from named
