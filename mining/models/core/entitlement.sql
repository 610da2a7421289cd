-- entitlement: something that an account can hold, also what only the log still names.
-- grain: entitlement_id
-- column entitlement_key: dense number of the entitlement in this snapshot, for joins
-- column kind: group, app, app_role, directory_role, licence, access_package; unknown when only the log names it
-- column present: the platform's inventory lists it today
-- column privileged: gives administration, as far as the platform or file says; false when it says nothing
-- column monthly_cost: per holder, in the currency of the configuration
-- column mastering: who decides on membership: local, dynamic, synced, imported, mail or builtin
-- column sign_on: what a sign-in log can show of its use: federated, password, bookmark, none; null when unknown
-- column signal: per_use (its own use is logged), via_app (the use of what it opens is logged), none (no log shows its use)
-- column observed: at least one account has used it, or what it opens, within the retained days
with listed as (
    select *, true as present from staging.entitlement where entitlement_id is not null
    qualify row_number() over (partition by entitlement_id order by name nulls last, kind, description nulls last) = 1
),
named as (
    select distinct source, entitlement_id from core.use_alias
    union select distinct source, source || ':' || entitlement from lake.change where entitlement is not null
    union select source, opens_id from staging.opens where opens_id is not null
    union select source, entitlement_id from staging.opens where entitlement_id is not null
    union select source, entitlement_id from staging.assignment_edge where entitlement_id is not null
),
every as (
    select * from listed
    union all by name
    select source, entitlement_id, entitlement_id[length(source) + 2:] as native_id, 'unknown' as kind,
           entitlement_id[length(source) + 2:] as name, 'local' as mastering, false as present
    from named where entitlement_id not in (select entitlement_id from listed)
),
used as (select distinct entitlement_id from core.use_alias),
opening as (
    select o.entitlement_id, bool_or(u.entitlement_id is not null) as observed,
           bool_or(u.entitlement_id is not null or e.sign_on = 'federated') as visible
    from core.entitlement_opens as o
    left join used as u on u.entitlement_id = o.opens_id
    left join listed as e on e.entitlement_id = o.opens_id
    group by o.entitlement_id
)
select row_number() over (order by e.entitlement_id)::integer as entitlement_key, e.source, e.entitlement_id, e.native_id,
       coalesce(e.kind, 'unknown') as kind, coalesce(nullif(trim(e.name), ''), e.native_id) as name, e.description, e.owner,
       coalesce(e.privileged, false) as privileged, e.monthly_cost, coalesce(e.mastering, 'local') as mastering,
       e.sign_on, e.present,
       case when u.entitlement_id is not null or e.sign_on = 'federated' then 'per_use'
            when o.visible then 'via_app' else 'none' end as signal,
       u.entitlement_id is not null or coalesce(o.observed, false) as observed
from every as e
left join used as u using (entitlement_id)
left join opening as o using (entitlement_id)
order by e.entitlement_id
