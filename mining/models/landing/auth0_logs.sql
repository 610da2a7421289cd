-- auth0_logs: events of an Auth0 tenant, one row each: who used which application, and who got or lost a role.
-- Both forms are read: the API's, and that of log streams with the event under data. Types are the platform's short
-- codes: s… succeeded, f… failed. A failed silent sign-in (fsa) only says that nobody was signed in: it is no attempt.
-- A change of roles is a call of the Management API (sapi); one that names several is no single grant: other.
-- Columns: mining/models/README.md.
with line as (
  select coalesce(nullif(log_id, ''), nullif("data".log_id, ''), nullif(_id, '')) as id, coalesce("date", "data"."date") as stamp,
         coalesce("type", "data"."type") as code, nullif(coalesce(user_id, "data".user_id), '') as user_id,
         nullif(coalesce(client_id, "data".client_id), '') as client, coalesce(details, "data".details)->'$.request' as request,
         try_cast(if(regexp_matches(stamp, '(Z|[+-]\d\d:?\d\d)$'), stamp, stamp || 'Z') as timestamptz) at time zone 'UTC' as "at"
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    _id: 'VARCHAR', log_id: 'VARCHAR', "date": 'VARCHAR', "type": 'VARCHAR', user_id: 'VARCHAR', client_id: 'VARCHAR', details: 'JSON',
    "data": 'STRUCT(log_id VARCHAR, "date" VARCHAR, "type" VARCHAR, user_id VARCHAR, client_id VARCHAR, details JSON)'})),
told as (
  select *, case
    when code in ('s', 'ss', 'scoa', 'sens', 'f', 'fp', 'fu', 'fcoa', 'fens') then 'sign_in'
    when code in ('ssa', 'sertft', 'fertft', 'ferrt') then 'renewal'
    when code in ('seacft', 'sede', 'seoobft', 'seotpft', 'sepft', 'sercft', 'feacft', 'fede', 'feoobft', 'feotpft', 'fepft', 'fercft') then 'token'
    when code in ('slo', 'sv', 'scp', 'gd_auth_succeed') then 'alive'
    when code = 'sapi' and way.what <> way.of and lower(request->>'$.method') in ('post', 'delete') and len(names) = 1 then 'role' end as tells
  from (select *, regexp_extract(request->>'$.path', '^(?:/api)?/v2/(roles|users)/([^/?]+)/(users|roles)$', ['of', 'id', 'what']) as way,
               list_concat(request->>'$.body.users[*]', request->>'$.body.roles[*]') as names from line)),
named as (
  select *, case when tells = 'role' then if(way.of = 'users', url_decode(way.id), names[1]) when tells is not null then user_id end as account,
    case when tells = 'role' then if(way.of = 'roles', way.id, names[1])
         when tells in ('sign_in', 'renewal', 'token') then client end as entitlement
  from told)
select id as event_id, "at",
  case when tells = 'role' then if(lower(request->>'$.method') = 'post', 'grant', 'revoke')
       when tells is null or account is null then 'other'
       when entitlement is not null then 'use' else 'presence' end as kind,
  case when regexp_matches(code, '^f[a-z]*$') then 'failure'
       when regexp_matches(code, '^s[a-z]*$') or code = 'gd_auth_succeed' then 'success' else 'weak' end as outcome,
  account, entitlement, null::varchar as other, null::varchar as value,
  case tells when 'sign_in' then true when 'renewal' then false end as interactive,
  case when tells = 'role' then coalesce(user_id, client) end as actor, code as event_type, 1::bigint as n,
  case when "at" is null then concat('date "', stamp, '" is not a timestamp')
       when id is null then 'log_id is missing' when coalesce(code, '') = '' then 'type is missing' end as fault
from named
