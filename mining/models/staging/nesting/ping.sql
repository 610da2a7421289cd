-- nesting_ping: groups inside groups.
select distinct source, source || ':' || child_id as child_id, source || ':' || group_id as parent_id
from landed.ping_group_nesting
where membership is distinct from 'INDIRECT'
