package mining

import (
	"context"
	"fmt"
	"os"

	"winnow/internal/store"
)

// The tables that a night takes over from the snapshot before it, as they are
// where there is none.
const (
	noRecommendation = `create table scratch.lake.last_recommendation as select null::varchar as recommendation_id, null::varchar as action,
		null::varchar as confidence, null::timestamp as as_of, null::timestamp as first_as_of limit 0`
	noAdvice = `create table scratch.lake.last_advice as select null::varchar as recommendation_id, null::timestamp as first_as_of,
		null::timestamp as ended_as_of, null::varchar as identity_id, null::varchar as entitlement_id, null::varchar as action,
		null::varchar as basis, null::varchar as fit, null::varchar as confidence, null::double as raw_score limit 0`
)

// last makes lake.last_recommendation, what the night before advised, how
// firmly, and since when, and lake.last_advice, what all nights before advised.
// The snapshot that stands published knows both. Where it is of an earlier
// instant, they are what it says; where it is of this instant or a later one,
// because the run was made before, they are what was known before this instant.
// So a run that is repeated publishes the same rows.
func (b *Build) last(ctx context.Context) error {
	if _, err := os.Stat(b.Out); err != nil {
		return b.exec(ctx, noRecommendation, noAdvice)
	}
	if err := b.exec(ctx, "attach "+store.Quote(b.Out)+" as last (read_only)"); err != nil {
		return err
	}
	recommendation, advice := noRecommendation, noAdvice
	before, err := b.published(ctx, "advised_before")
	if err != nil {
		return err
	}
	if before {
		recommendation = `create table scratch.lake.last_recommendation as
			select recommendation_id, action, confidence, as_of, first_as_of from last.marts.recommendation
			where as_of < getvariable('as_of')
			union all
			select recommendation_id, action, confidence, as_of, first_as_of from last.marts.advised_before
			where as_of < getvariable('as_of') and (select max(as_of) from last.core.run) >= getvariable('as_of')`
	}
	kept, err := b.published(ctx, "advice")
	if err != nil {
		return err
	}
	if kept { // what this instant or a later one ended stood until then
		advice = `create table scratch.lake.last_advice as
			select recommendation_id, first_as_of, if(ended_as_of < getvariable('as_of'), ended_as_of, null) as ended_as_of, identity_id,
				entitlement_id, action, basis, fit, confidence, raw_score
			from last.marts.advice where first_as_of < getvariable('as_of')`
	}
	return b.exec(ctx, recommendation, advice, "detach last")
}

// published says whether the snapshot that stands has a table of the marts.
func (b *Build) published(ctx context.Context, table string) (bool, error) {
	var n int
	err := b.conn.QueryRowContext(ctx, `select count(*) from duckdb_tables() where database_name = 'last'
		and schema_name = 'marts' and table_name = ?`, table).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for marts.%s in the last snapshot: %w", table, err)
	}
	return n > 0, nil
}
