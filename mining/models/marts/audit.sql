-- audit: what winnow did and on what ground, one row an entry of the audit trail, up to the drafts of this run.
-- The rows are read from data_dir/audit; the files are the record, and winnow audit verify compares them. Beside all other
-- tables this one follows from the history of the installation, not from the data alone.
-- grain: seq
-- column at: UTC, wall clock
-- column kind: run, snapshot, draft, export, decision, request, receipt, rollback, forget, anchor or mend
-- column n: how many things the entry speaks of
-- column verb: the command, or the name of a file
-- column state: begun, done, part or failed; a person's decision; a request's outcome
-- column config_digest: hash of the configuration
-- column data_digest: as in core.run
-- column evidence_hash: of the evidence behind all drafts of the pattern
-- column pattern: hash of what the drafts have in common: verdict and reasons
-- column drafted_by: as in marts.recommendation, with - for letters that are none of a word
-- column draft_hash: as in marts.draft; the draft lies in data_dir/audit/draft
-- column guard: what the guard said of a model's draft
-- column who: a person's pseudonym; it leads nowhere once the person is forgotten
-- column body: commitment to what lies beside the chain
-- column prev: hash of the entry before
-- column file: the month's file, in which the entry stands on a line
-- check numbered without a gap: select max(seq) as last, count(*) as n from marts.audit having max(seq) <> count(*)
-- reads: marts.draft
select null::bigint as seq, null::timestamp as "at", null::varchar as kind, null::bigint as n, null::varchar as run_id,
       null::varchar as verb, null::varchar as state, null::varchar as config_digest, null::varchar as data_digest,
       null::varchar as evidence_hash, null::varchar as pattern, null::varchar as drafted_by, null::varchar as prompt_version,
       null::varchar as model_digest, null::varchar as draft_hash, null::varchar as guard, null::varchar as plan_hash,
       null::varchar as file_hash, null::varchar as torn_hash, null::varchar as who, null::varchar as body,
       null::varchar as prev, null::varchar as hash, null::varchar as file, null::bigint as line
where false
