-- opens_ping: groups that open applications. Where all of several groups are demanded, none of them opens it alone.
select distinct source, source || ':' || group_id as entitlement_id, source || ':' || id as opens_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until, null::boolean as direct_only
from (select source, id, unnest(group_ids) as group_id from landed.ping_applications
      where group_rule is distinct from 'ALL_GROUPS' or len(group_ids) = 1)
