-- alias_okta: the client id under which the log names an OpenID Connect app.
select distinct source, client_id as alias, source || ':' || min(id) as entitlement_id
from landed.okta_apps
where client_id is not null and client_id <> id
group by source, client_id
