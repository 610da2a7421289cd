-- edit_grant: how an access that is advised to be given would be given: the inverse of an edit that takes it away.
-- grain: recommendation_id
-- column account_id: the identity's account that would get it; the first that may sign in
-- column kind: add_member, add_app_user, add_app_role, add_role or add_value; by_hand where a person has to choose, as for whatever
--   is privileged, is not given here, or has roles among which to choose
with able as (
    select l.identity_id, a.source, min(a.account_id) as account_id
    from core.account as a join core.account_link as l using (account_id)
    where a.present and a.status = 'active' and a.kind in ('user', 'guest') group by all
),
wide as (select distinct opens_id as entitlement_id from core.entitlement_opens as o join core.entitlement as e using (entitlement_id) where e.kind = 'app_role'),
ruled as (select distinct entitlement_id from core.rule where status = 'active')
select p.recommendation_id, a.account_id, p.entitlement_id, e.name, e.kind as entitlement_kind, e.mastering, e.privileged, e.owner,
       case when e.privileged or e.mastering <> 'local' or r.entitlement_id is not null then 'by_hand'
            when e.kind = 'group' and s.type in ('okta', 'entra', 'ping', 'scim') then 'add_member'
            when e.kind = 'app' and s.type = 'okta' then 'add_app_user'
            when e.kind = 'app_role' and s.type = 'entra' or e.kind = 'app' and s.type = 'entra' and w.entitlement_id is null then 'add_app_role'
            when e.kind = 'app_role' and s.type = 'auth0' then 'add_role'
            when e.kind = 'app_role' and s.type = 'scim' then 'add_value' else 'by_hand' end as kind
from marts.proposal as p
join core.entitlement as e using (entitlement_id)
join config.source as s on s.source = e.source
join able as a on a.identity_id = p.identity_id and a.source = e.source
left join wide as w on w.entitlement_id = e.entitlement_id
left join ruled as r on r.entitlement_id = e.entitlement_id
where not p.held and p.action = 'grant'
order by p.recommendation_id
