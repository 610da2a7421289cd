-- known: since when the history of a source can tell who held what: its log of grants and revokes, or its inventories.
-- grain: source
-- column known_from: UTC; what was held then without a known beginning was held before
select source, min("at") as known_from
from (
    select source, min(occurred_at) as "at" from present.core.assignment_event group by source
    union all
    select source, min(valid_from) from present.core.assignment_history where from_basis = 'inventory' group by source
    union all
    select source, min(valid_to) from present.core.assignment_history where to_basis = 'inventory' group by source
)
where "at" is not null
group by source
order by source
