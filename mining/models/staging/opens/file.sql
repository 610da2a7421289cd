-- opens_file: which entitlement opens which other, by files: spells as they stand, changes added up. Two entitlements
-- tied by several levels stay tied while any level is granted; a grant and a revoke at one instant change nothing.
with net as (
  select source, entitlement_id, opens_id, level, "at", sign(sum(if(action = 'grant', 1, -1))) as step
  from landed.file_opens where action is not null and "at" <= getvariable('as_of')
  group by source, entitlement_id, opens_id, level, "at" having step <> 0),
turn as (
  select * from net
  qualify step <> lag(step, 1, -1) over (partition by source, entitlement_id, opens_id, level order by "at")),
tied as (
  select source, entitlement_id, opens_id, "at",
         sum(sum(step)) over (partition by source, entitlement_id, opens_id order by "at") as levels
  from turn group by source, entitlement_id, opens_id, "at"),
edge as (
  select *, lag(levels, 1, 0) over (partition by source, entitlement_id, opens_id order by "at") as before from tied),
spell as (
  select source, entitlement_id, opens_id, max("at") filter (levels > 0 and before <= 0) as since,
         if(arg_max(levels, "at") <= 0, max("at"), null) as until
  from edge group by source, entitlement_id, opens_id
  union all -- never open for longer than an instant
  select source, entitlement_id, opens_id, max("at"), max("at") from landed.file_opens anti join edge using (source, entitlement_id, opens_id)
  where action is not null and "at" <= getvariable('as_of') group by source, entitlement_id, opens_id
  union all
  select source, entitlement_id, opens_id, since, until from landed.file_opens where action is null)
select source, source || ':' || entitlement_id as entitlement_id, source || ':' || opens_id as opens_id,
       null::varchar as native_ref, since, until, false as direct_only
from spell
qualify row_number() over (partition by source, entitlement_id, opens_id
  order by until desc nulls first, since desc nulls first) = 1
