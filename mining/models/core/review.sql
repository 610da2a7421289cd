-- review: the campaigns and access reviews that the platforms list, ours and others.
-- grain: source, review_id
-- column name: as served; strangers can write it
-- column status: scheduled (nobody is asked yet), open, ended, or failed
-- column mark: by which a review of ours is known, whichever night ordered it: a hash of its users and resources; null for others
select source, review_id, name, status, nullif(regexp_extract(name, ' \(([0-9a-f]{8})\)$', 1), '') as mark
from staging.review
order by source, review_id
