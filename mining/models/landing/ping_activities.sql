-- ping_activities: audit activities of a PingOne environment, one row each: who used, got or lost what.
-- An access event names the application as the acting client. A membership names user and group in its link only.
-- Which types tell of a sign-on is known from documents, not from a tenant. Columns: mining/models/README.md.
with line as (
  select id, action."type" as event_type, "result".status as status, recordedAt as stamp, nullif(actors."user".id, '') as actor_user,
         nullif(actors.client.id, '') as client, nullif(list_filter(resources, lambda r: r."type" = 'USER')[1].id, '') as user_id,
         regexp_extract(list_filter(resources, lambda r: r."type" = 'MEMBER_OF_GROUP')[1].href,
           '/users/([^/?]+)/memberOfGroups/([^/?]+)', ['member', 'team']) as way,
         try_cast(if(regexp_matches(recordedAt, '(Z|[+-]\d\d:?\d\d)$'), recordedAt, recordedAt || 'Z') as timestamptz)
           at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', recordedAt: 'VARCHAR', action: 'STRUCT("type" VARCHAR)', "result": 'STRUCT(status VARCHAR)',
    actors: 'STRUCT("user" STRUCT(id VARCHAR), client STRUCT(id VARCHAR))',
    resources: 'STRUCT(id VARCHAR, "type" VARCHAR, href VARCHAR)[]'})),
told as (
  select *, case
    when event_type in ('USER.ACCESS_ALLOWED', 'USER.ACCESS_DENIED') then 'access'
    when event_type = 'SESSION.CREATED' or starts_with(event_type, 'PASSWORD.CHECK_') or starts_with(event_type, 'OTP.CHECK_') then 'alive'
    when event_type in ('MEMBER_OF_GROUP.CREATED', 'MEMBER_OF_GROUP.DELETED') and way.member <> '' then 'member'
    when event_type = 'USER.DELETED' and user_id is not null then 'gone' end as tells
  from line),
named as (
  select *, case when tells in ('access', 'alive') then coalesce(actor_user, user_id) when tells = 'member' then way.member
                 when tells = 'gone' then user_id end as account,
    case when tells = 'access' then client when tells = 'member' then way.team end as entitlement
  from told)
select id as event_id, "at",
  case when tells = 'access' and account is not null and entitlement is not null then 'use'
       when tells in ('access', 'alive') and account is not null then 'presence'
       when tells = 'member' then if(event_type = 'MEMBER_OF_GROUP.CREATED', 'grant', 'revoke')
       when tells = 'gone' then 'account_change' else 'other' end as kind,
  case when event_type = 'USER.ACCESS_DENIED' or status in ('FAILED', 'FAILURE') then 'failure'
       when status = 'SUCCESS' then 'success' else 'weak' end as outcome,
  account, entitlement, case when tells = 'gone' then 'status' end as other,
  case when tells = 'gone' then 'deprovisioned' end as value, case when tells in ('access', 'alive') then true end as interactive,
  case when tells = 'member' then coalesce(actor_user, client) end as actor, event_type, 1::bigint as n,
  case when "at" is null then concat('recordedAt "', stamp, '" is not a timestamp') end as fault
from named
