-- entitlement: what could be held at the cut: what was held or opened then, and what is listed today unless it was seen for
-- the first time later.
-- grain: entitlement_id
-- column kind: of what is gone today an app where its use was logged or something opened it, otherwise a group
with there as (
    select entitlement_id, false as opened from staging.assignment_edge
    union select entitlement_id, false from staging.opens
    union select opens_id, true from staging.opens
),
told as (select entitlement_id, bool_or(opened) as opened from there group by all),
spell as (
    select entitlement_id, valid_from from present.core.assignment_history
    union all select entitlement_id, valid_from from present.core.opens_history
    union all select opens_id, valid_from from present.core.opens_history
),
later as (
    select entitlement_id from spell group by entitlement_id
    having bool_and(coalesce(valid_from >= getvariable('as_of'), false))
),
used as (select distinct source || ':' || entitlement as entitlement_id from lake.usage_entitlement where entitlement <> '')
select e.source, e.entitlement_id, e.native_id,
       case when e.kind <> 'unknown' then e.kind when t.opened or u.entitlement_id is not null then 'app' else 'group' end as kind,
       e.name, e.description, e.owner, e.privileged, e.monthly_cost, e.mastering, e.sign_on
from present.core.entitlement as e
left join told as t using (entitlement_id)
left join used as u using (entitlement_id)
where t.entitlement_id is not null
   or (e.present and (u.entitlement_id is not null or e.entitlement_id not in (select entitlement_id from later)))
