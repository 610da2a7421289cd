-- okta_apps: applications of the org, one row each.
-- column label: the name that people see; name is the catalogue's key
-- column sign_on_mode: the platform's own word, such as SAML_2_0
-- column client_id: of an OpenID Connect app, where it has one
with line as (
  select *, try_cast(lastUpdated as timestamptz) at time zone 'UTC' as updated_at
  from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
    id: 'VARCHAR', "name": 'VARCHAR', label: 'VARCHAR', status: 'VARCHAR', signOnMode: 'VARCHAR', lastUpdated: 'VARCHAR',
    credentials: 'STRUCT(oauthClient STRUCT(client_id VARCHAR))'}))
select id, "name", label, status, signOnMode as sign_on_mode, nullif(credentials.oauthClient.client_id, '') as client_id, updated_at,
       case when lastUpdated is not null and updated_at is null
              then concat('lastUpdated "', lastUpdated, '" is not a timestamp') end as fault
from line
