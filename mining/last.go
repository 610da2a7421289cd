package mining

import (
	"context"
	"os"

	"winnow/internal/store"
)

// last makes lake.last_recommendation of the snapshot that stands published:
// what the run before advised, and when it first did.
func (b *Build) last(ctx context.Context) error {
	const empty = `create table scratch.lake.last_recommendation as select null::varchar as recommendation_id,
		null::varchar as action, null::timestamp as as_of, null::timestamp as first_as_of limit 0`
	if _, err := os.Stat(b.Out); err != nil {
		return b.exec(ctx, empty)
	}
	if err := b.exec(ctx, "attach "+store.Quote(b.Out)+" as last (read_only)"); err != nil {
		return err
	}
	var n int
	err := b.conn.QueryRowContext(ctx, `select count(*) from duckdb_columns() where database_name = 'last'
		and schema_name = 'marts' and table_name = 'recommendation' and column_name = 'first_as_of'`).Scan(&n)
	if err != nil || n == 0 {
		return b.exec(ctx, "detach last", empty)
	}
	return b.exec(ctx, `create table scratch.lake.last_recommendation as
		select recommendation_id, action, as_of, first_as_of from last.marts.recommendation`, "detach last")
}
