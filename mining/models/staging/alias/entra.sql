-- alias_entra: the sign-in log of Entra ID names applications by appId, its audit log names roles by their template.
with name as (
  select source, app_id as alias, id from landed.entra_service_principals where app_id is not null
  union all
  select source, template_id, id from landed.entra_role_definitions where template_id <> id)
select source, alias, source || ':' || min(id) as entitlement_id
from name
group by source, alias
