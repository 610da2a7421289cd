-- review: a campaign or access review that a platform lists.
-- grain: source, review_id
-- column review_id: the platform's own id
-- column name: as served; strangers can write it
-- column status: scheduled (nobody is asked yet), open, ended, or failed
select null::varchar as source, null::varchar as review_id, null::varchar as name, null::varchar as status
where false
