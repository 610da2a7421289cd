-- opens_spell_file: every spell in which one entitlement opened another, by files: spells as they stand, changes added up as
-- in opens_file: tied while any level is granted; a grant and a revoke at one instant change nothing.
with net as (
  select source, entitlement_id, opens_id, level, "at", sign(sum(if(action = 'grant', 1, -1))) as step
  from landed.file_opens where action is not null and "at" <= getvariable('as_of')
  group by source, entitlement_id, opens_id, level, "at" having step <> 0),
turn as (
  select * from net
  qualify step <> lag(step, 1, -1) over (partition by source, entitlement_id, opens_id, level order by "at")),
tied as (
  select source, entitlement_id, opens_id, "at",
         sum(sum(step)) over (partition by source, entitlement_id, opens_id order by "at") > 0 as tied
  from turn group by source, entitlement_id, opens_id, "at"),
change as (
  select * from tied
  qualify tied is distinct from lag(tied, 1, false) over (partition by source, entitlement_id, opens_id order by "at")),
spell as (
  select source, entitlement_id, opens_id, "at" as since,
         lead("at") over (partition by source, entitlement_id, opens_id order by "at") as until, tied
  from change)
select source, source || ':' || entitlement_id as entitlement_id, source || ':' || opens_id as opens_id, since, until
from spell where tied
union
select source, source || ':' || entitlement_id, source || ':' || opens_id, since, until from landed.file_opens
where action is null and (since is not null or until is not null)
