package forget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// Forget removes the person from the lake and says how much it was; dry, it only
// says how much it would be. It may be repeated after a kill: what is gone stays
// gone, and the rest goes then. The lake must not be written to meanwhile.
func (p Person) Forget(ctx context.Context, lk *lake.Lake, dry bool) (n Counts, err error) {
	changed, err := p.landed(lk, dry, &n)
	if err != nil {
		return n, err
	}
	if !dry {
		if err := removeTyped(lk, changed); err != nil {
			return n, err
		}
	}
	db, err := store.Open(ctx, "", store.Options{Threads: 1})
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return n, fmt.Errorf("connect to DuckDB: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = true"); err != nil {
		return n, fmt.Errorf("prepare to write roll-ups anew: %w", err)
	}
	err = p.tables(ctx, conn, lk, dry, &n)
	return n, err
}

// removeTyped removes the typed files that were made of segments which are
// others now; the next mine makes them anew.
func removeTyped(lk *lake.Lake, changed map[lake.StreamID][]lake.Segment) error {
	for id, segments := range changed {
		for _, s := range segments {
			kind, leaf := "inventory", ""
			if s.Day != "" {
				kind, leaf = "event", "day="+string(s.Day)
			}
			dir := filepath.Join(lk.Dir, kind, "source="+string(id.Source), "stream="+string(id.Stream), leaf)
			if err := os.RemoveAll(dir); err != nil {
				return fmt.Errorf("remove typed files: %w", err)
			}
		}
	}
	return nil
}

// ask reads texts.
func ask(ctx context.Context, conn *sql.Conn, query string) (out []string, err error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}
