-- entitlement_file: entitlements of files. Where a folder has no file of entitlements, whatever is held or opened today
-- is one: an app when its use is logged or something opens it, otherwise a group.
with listed as (
  select * from landed.file_entitlements
  qualify row_number() over (partition by source, entitlement_id order by name nulls last, kind nulls last, owner nulls last,
    monthly_cost desc nulls last, description nulls last) = 1),
named as (
  select source, entitlement_id, false as opened from staging.assignment_edge_file where until is null or until > getvariable('as_of')
  union select source, entitlement_id, false from staging.opens_file where until is null or until > getvariable('as_of')
  union select source, opens_id, true from staging.opens_file where until is null or until > getvariable('as_of')),
used as (select distinct source, source || ':' || entitlement as entitlement_id from lake.usage_entitlement where entitlement <> ''),
derived as (
  select n.source, n.entitlement_id, bool_or(n.opened or u.entitlement_id is not null) as app
  from named n left join used u using (source, entitlement_id)
  where n.source not in (select source from lake.pull where stream = 'entitlements' and complete and coalesce(held, '') = '')
  group by all)
select source, source || ':' || entitlement_id as entitlement_id, entitlement_id as native_id, kind, name, description, owner,
       privileged, monthly_cost, 'local' as mastering, sign_on
from listed
union all
select source, entitlement_id, entitlement_id[length(source) + 2:], if(app, 'app', 'group'), entitlement_id[length(source) + 2:],
       null, null, null, null, 'local', null
from derived
