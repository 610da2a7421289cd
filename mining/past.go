package mining

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"winnow/internal/access"
	"winnow/internal/store"
)

// A Past says how a build stands at an earlier instant. The lake's roll-ups are
// cut there before any model reads them, what platforms and HR list today is
// replaced by models/past, which read the history of the published snapshot,
// and only what models/backtest asks for is built, with those models at the
// end: they hold what was said then against what has followed.
type Past struct {
	// Present is the published snapshot that knows what has become of everything.
	Present string
	// HorizonDays is how far what follows is looked at.
	HorizonDays int
}

// cut takes away from a view of the lake what had not happened by the as-of
// time of a past build. A day is kept when it is over by then.
func (b *Build) cut(name, query string) string {
	if b.Past == nil {
		return query
	}
	at := map[string]string{"usage_day": "day < getvariable('as_of')::date", "change": `"at" < getvariable('as_of')`}[name]
	return "select * from (" + query + ") where " + at
}

// present attaches the snapshot that knows what followed, to a past build.
func (b *Build) present(ctx context.Context) error {
	if b.Past == nil {
		return nil
	}
	if err := b.exec(ctx, "attach "+store.Quote(b.Past.Present)+" as present (read_only)"); err != nil {
		return access.WithHint(fmt.Errorf("open the present: %w", err), "winnow run publishes the snapshot that a backtest looks back from")
	}
	var told int
	err := b.conn.QueryRowContext(ctx, `select count(*) from duckdb_tables() where database_name = 'present' and schema_name = 'core'
		and table_name in ('assignment_history', 'opens_history', 'worker_history', 'account_history')`).Scan(&told)
	if err != nil {
		return fmt.Errorf("look for the history in the snapshot: %w", err)
	}
	if told < 4 {
		return access.WithHint(fmt.Errorf("stand at %s: the snapshot keeps no history", b.AsOf.Format(time.DateOnly)),
			"winnow mine publishes one that does")
	}
	var later bool
	if err := b.conn.QueryRowContext(ctx, "select max(as_of) > getvariable('as_of') from present.core.run").Scan(&later); err != nil {
		return fmt.Errorf("read the snapshot's instant: %w", err)
	}
	if !later {
		return access.WithHint(fmt.Errorf("stand at %s: the snapshot is no later", b.AsOf.Format(time.DateOnly)), "look back at an earlier day")
	}
	return b.exec(ctx, "create schema snapshot.past", "create schema snapshot.backtest",
		"set variable judged_days = "+strconv.Itoa(b.Past.HorizonDays),
		"set variable judged_as_of = (select max(as_of) from present.core.run)")
}

// openMemory prepares a scratch database and a snapshot that are never written.
func (b *Build) openMemory(ctx context.Context) error {
	if err := os.MkdirAll(b.WorkDir, 0o700); err != nil {
		return fmt.Errorf("create the work folder: %w", err)
	}
	db, err := store.Open(ctx, "", b.Limits)
	if err != nil {
		return err
	}
	b.db = db
	if b.conn, err = db.Conn(ctx); err != nil {
		return fmt.Errorf("connect to DuckDB: %w", err)
	}
	return b.exec(ctx, append([]string{"set timezone = 'UTC'", "attach ':memory:' as scratch", "attach ':memory:' as snapshot"}, b.schemas()...)...)
}
