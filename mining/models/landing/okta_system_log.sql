-- okta_system_log: events of the Okta System Log, one row each: who used, got or lost what.
-- Targets are picked by type, never by position. SUCCESS alone is a success; ALLOW and CHALLENGE are weak. A client's
-- sign-on names the app by its client id (staging.alias); a client that acts for nobody is no person's use.
-- app.user_management tells of members of imported groups, by its legacy type. Administrator roles are not read here: the
-- log tells of them in display names, by snapshots and by several routes. Columns: mining/models/README.md.
with line as (
  select *, eventType as event_type, legacyEventType as legacy_type,
         case when ends_with(published, 'Z') then try_cast(published as timestamp)
              else try_cast(if(regexp_matches(published, '[+-]\d\d:?\d\d$'), published, published || 'Z') as timestamptz)
                at time zone 'UTC' end as "at", null::varchar as unread
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    uuid: 'VARCHAR', published: 'VARCHAR', eventType: 'VARCHAR', legacyEventType: 'VARCHAR',
    actor: 'STRUCT(id VARCHAR, "type" VARCHAR, alternateId VARCHAR)', outcome: 'STRUCT("result" VARCHAR)',
    target: 'STRUCT(id VARCHAR, "type" VARCHAR)[]'})),
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
