-- opens: what opened what at the cut, by the history of the present. What opens today without a known beginning is taken
-- to have done so.
-- grain: entitlement_id, opens_id
select entitlement_id[:strpos(entitlement_id, ':') - 1] as source, entitlement_id, opens_id, native_ref, valid_from as since,
       null::timestamp as until, direct_only
from present.core.opens_history
where (valid_from is null or valid_from < getvariable('as_of')) and (valid_to is null or valid_to >= getvariable('as_of'))
qualify row_number() over (partition by entitlement_id, opens_id order by spell desc) = 1
