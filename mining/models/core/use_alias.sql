-- use_alias: under which entitlement the log's own id of a used thing is counted.
-- grain: source, native
-- column native: the id in the log
-- column entitlement_id: what it means; the log's id with the source prefix when nothing else is known
select u.source, u.entitlement as native, coalesce(a.entitlement_id, u.source || ':' || u.entitlement) as entitlement_id
from (select source, entitlement from lake.usage_entitlement where entitlement <> '') as u
left join (
    select source, alias, min(entitlement_id) as entitlement_id from staging.alias group by source, alias
) as a on a.source = u.source and a.alias = u.entitlement
order by u.source, u.entitlement
