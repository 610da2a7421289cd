-- ignored_actor: an id whose doing is no use: winnow's own client, and what the configuration names (ignore_actors).
-- grain: source, native
-- column native: the id in the log; an application's id stands for its service principal too
select distinct source, native from (
    select source, actor as native from config.ignore_actor
    union all
    select a.source, a.entitlement_id[length(a.source) + 2:] from staging.alias as a
    join config.ignore_actor as i on i.source = a.source and i.actor = a.alias
)
order by source, native
