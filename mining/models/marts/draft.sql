-- draft: the words of a recommendation.
-- grain: recommendation_id
-- column rationale: the sentences, their values filled in
-- column drafted_by: template, or the model's name
-- column guard: what the guard said of a model's draft; empty for the template
-- column draft_hash: SHA-256 of the sentences with slots in place of values and names, which lie in data_dir/audit/draft
-- reads: marts.claim, marts.proposal, marts.undrafted
select null::varchar as recommendation_id, null::varchar as rationale, null::varchar as drafted_by, null::varchar as guard,
       null::varchar as draft_hash
where false
