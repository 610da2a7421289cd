-- assignment_edge_okta: members of groups, apps and administrator roles that were given to a user alone.
-- The platform does not say which rule put a member there: every active rule that fills the group and does not pass
-- over the user counts as a path. Apps that a group gives (scope GROUP) follow from opens. Values of entitlements inside an
-- app are held since the last span of their history in which they were not.
with held as (
  select source, user_id, app_id, unnest("values").id as value_id from landed.okta_principal_entitlements
  where principal_type is null or principal_type = 'OKTA_USER'),
span as (select distinct source, user_id, app_id, started_at, value_ids from landed.okta_principal_entitlement_history),
member as (select distinct source, group_id, user_id from landed.okta_group_members),
rule as (
  select distinct source, id, unnest(group_ids) as group_id, coalesce(excluded_users, []) as excluded
  from landed.okta_group_rules where status = 'ACTIVE')
select m.source, m.source || ':' || m.user_id as account_id, m.source || ':' || m.group_id as entitlement_id,
       if(r.id is null, 'direct', 'rule') as path_kind, coalesce(m.source || ':' || r.id, '') as via_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until, false as eligible
from member m
left join rule r on r.source = m.source and r.group_id = m.group_id and not list_contains(r.excluded, m.user_id)
group by all
union all
select source, source || ':' || user_id, source || ':' || app_id, 'direct', '', null, min(created_at), null, false
from landed.okta_app_users
where "scope" is distinct from 'GROUP' and coalesce(status, '') not in ('DEPROVISIONED', 'REVOKED', 'UNASSIGNED')
group by source, user_id, app_id
union all
select source, source || ':' || user_id, source || ':' || role_id, 'direct', '', min(id), min(created_at), null, false
from landed.okta_user_roles
where assignment_type is distinct from 'GROUP' and coalesce(status, 'ACTIVE') = 'ACTIVE'
group by all
union all
select h.source, h.source || ':' || h.user_id, h.source || ':' || h.app_id || '/' || value_id, 'direct', '', null,
       min(p.started_at) filter (list_contains(value_ids, value_id) and p.started_at > coalesce(
         (select max(q.started_at) from span q where (q.source, q.user_id, q.app_id) = (h.source, h.user_id, h.app_id)
            and not list_contains(q.value_ids, h.value_id)), '-infinity'::timestamp)), null, false
from held h left join span p using (source, user_id, app_id)
group by h.source, h.user_id, h.app_id, h.value_id
