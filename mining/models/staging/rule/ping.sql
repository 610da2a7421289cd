-- rule_ping: the filters of groups; a filter has no id but its group's.
select source, source || ':' || id as rule_id, source || ':' || id as entitlement_id, "name" as name, user_filter as expression,
       'active' as status, null::varchar as owner, []::varchar[] as excluded
from landed.ping_groups as g
where user_filter is not null
qualify row_number() over (partition by source, id order by g) = 1
