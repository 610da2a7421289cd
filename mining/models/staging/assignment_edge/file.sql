-- assignment_edge_file: who holds what by files: the file of assignments or, in a folder without one, what the events
-- leave behind: held since the first grant after the last revoke. A grant and a revoke at one instant change nothing.
-- A path in words that are not understood counts as a group: it is not safe to call it direct.
with listed as (
  select source, account_id, entitlement_id, since, until, split_part(path, ':', 1) as word, path
  from landed.file_assignments),
pathed as (
  select source, account_id, entitlement_id, since, until,
         case when path is null or lower(path) = 'direct' then 'direct'
              when lower(word) in ('group', 'rule', 'package') then lower(word) else 'group' end as path_kind,
         case when path_kind = 'direct' then ''
              when lower(word) in ('group', 'rule', 'package') and path[length(word) + 2:] <> ''
                then source || ':' || trim(path[length(word) + 2:]) else source || ':' || path end as via_id
  from listed),
change as (
  select source, account, entitlement, "at", sum(if(kind = 'grant', 1, -1)) as net
  from lake.change semi join (select source from config.source where type = 'file') as f using (source)
  where kind in ('grant', 'revoke') and account is not null and entitlement is not null and "at" <= getvariable('as_of')
    and source not in (select source from lake.pull where stream = 'assignments' and complete and coalesce(held, '') = '')
  group by all having net <> 0),
spell as (
  select *, max("at") filter (net < 0) over (partition by source, account, entitlement) as revoked_at from change)
select source, source || ':' || account_id as account_id, source || ':' || entitlement_id as entitlement_id, path_kind, via_id,
       null::varchar as native_ref, max(since) as since, if(bool_or(until is null), null, max(until)) as until, false as eligible
from pathed
group by all
union all
select source, source || ':' || account, source || ':' || entitlement, 'direct', '', null, min("at"), null, false
from spell
where net > 0 and (revoked_at is null or "at" > revoked_at)
group by all
