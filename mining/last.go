package mining

import (
	"context"
	"os"

	"winnow/internal/store"
)

// last makes lake.last_recommendation: what the night before advised, how
// firmly, and since when. The snapshot that stands published knows it. Where
// that one is of an earlier instant, it is what it advised; where it is of this
// instant or a later one, because the run was made before, it is what that run
// was itself built on. So a run that is repeated publishes the same rows.
func (b *Build) last(ctx context.Context) error {
	const empty = `create table scratch.lake.last_recommendation as select null::varchar as recommendation_id, null::varchar as action,
		null::varchar as confidence, null::timestamp as as_of, null::timestamp as first_as_of limit 0`
	if _, err := os.Stat(b.Out); err != nil {
		return b.exec(ctx, empty)
	}
	if err := b.exec(ctx, "attach "+store.Quote(b.Out)+" as last (read_only)"); err != nil {
		return err
	}
	var n int
	err := b.conn.QueryRowContext(ctx, `select count(*) from duckdb_tables() where database_name = 'last'
		and schema_name = 'marts' and table_name = 'advised_before'`).Scan(&n)
	if err != nil || n == 0 {
		return b.exec(ctx, "detach last", empty)
	}
	return b.exec(ctx, `create table scratch.lake.last_recommendation as
		select recommendation_id, action, confidence, as_of, first_as_of from last.marts.recommendation
		where as_of < getvariable('as_of')
		union all
		select recommendation_id, action, confidence, as_of, first_as_of from last.marts.advised_before
		where as_of < getvariable('as_of') and (select max(as_of) from last.core.run) >= getvariable('as_of')`, "detach last")
}
