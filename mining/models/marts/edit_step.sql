-- edit_step: the changes that together take an access away, and where there is no edit that does it well, whom to ask. All of them are
--   needed: one path that stays keeps the access standing.
-- grain: recommendation_id, step
-- column step: order in which they must be made: an app is refused for as long as a group gives it
-- column kind: an edit: remove_member, remove_app_user, remove_app_role, remove_role, remove_eligibility, remove_admin_role,
--   remove_value or remove_package; or none: change_rule (a rule would give it again, or exclude the person for good), ask_owner
--   (another directory, an app or the mail system decides), by_hand (no request is known for it), fixed (nobody can be taken out),
--   unknown (what gives it is not known)
-- column does: kind is an edit
-- column held_id: the entitlement from which the account is taken; for a package the one through which it is seen
-- column native_ref: the platform's id of the assignment, where it has one
-- column scope: the part of the directory over which a role is given
-- column passed_over: active rules that fill the group and pass over this account, so that it was put there by hand
-- column reversible: the former assignment can be given back; what an app kept in a profile cannot
with root as (
    select p.recommendation_id, p.entitlement_id as wanted_id, r.* exclude (entitlement_id)
    from marts.edit_pair as p join marts.path_root as r using (account_id, entitlement_id)
),
told as (
    select r.* exclude (native_ref, eligible), e.source, s.type, e.kind as held_kind, e.name as held_name, e.mastering, e.privileged, e.owner,
           coalesce(f.native_ref, r.native_ref) as native_ref, f.scope, coalesce(f.eligible, r.eligible) as eligible
    from root as r
    join core.entitlement as e on e.entitlement_id = r.held_id
    join config.source as s on s.source = e.source
    left join staging.assignment_ref as f on r.path_kind in ('direct', 'package') and f.account_id = r.account_id
         and f.entitlement_id = if(r.path_kind = 'package', r.via_id, r.held_id)
    qualify r.path_kind <> 'package' or row_number() over (partition by r.recommendation_id, r.account_id, r.root_id, f.native_ref order by r.held_id) = 1
),
passed as (
    select r.entitlement_id, concat(r.source, ':', x.native_id) as account_id, list(distinct r.rule_id order by r.rule_id) as passed_over
    from core.rule as r, unnest(r.excluded) as x(native_id) where r.status = 'active' group by all
),
sorted as (
    select *, case when path_kind = 'unknown' then 'unknown'
        when path_kind = 'package' then if(type = 'entra' and native_ref is not null, 'remove_package', 'by_hand')
        when path_kind = 'rule' or mastering = 'dynamic' then 'change_rule'
        when mastering = 'builtin' then 'fixed'
        when mastering in ('synced', 'imported', 'mail') then 'ask_owner'
        when held_kind = 'group' and type in ('okta', 'entra', 'ping', 'scim') then 'remove_member'
        when held_kind = 'app' and type = 'okta' then 'remove_app_user'
        when held_kind = 'app_role' and type = 'scim' then 'remove_value'
        when held_kind = 'app_role' and type = 'auth0' then 'remove_role'
        when native_ref is null then 'by_hand'
        when held_kind in ('app', 'app_role') and type = 'entra' then 'remove_app_role'
        when held_kind = 'directory_role' and type = 'entra' then if(eligible, 'remove_eligibility', 'remove_role')
        when held_kind = 'directory_role' and type = 'okta' then 'remove_admin_role'
        else 'by_hand' end as kind
    from told
)
select recommendation_id, row_number() over (partition by recommendation_id
         order by kind = 'remove_app_user', s.account_id, root_id, native_ref, scope)::integer as step,
       kind, contains(kind, 'remove_') as does, s.account_id, source, type, wanted_id, held_id, held_kind, held_name, privileged, owner, path_kind, via_id,
       root_id, mastering, native_ref, scope, eligible, p.passed_over, kind <> 'remove_app_user' as reversible
from sorted as s left join passed as p on p.entitlement_id = s.held_id and p.account_id = s.account_id
order by recommendation_id, step
