package mining

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// WriteState writes the working store: pulls, cursors, coverage, segments and
// quarantine as tables, so that an operator can ask them in SQL. It is derived
// from the lake's manifests and is replaced whole; losing it loses nothing.
func WriteState(ctx context.Context, lk *lake.Lake, types map[access.SourceName]string, path string) (err error) {
	next := path + ".next"
	if err := errors.Join(removeIfThere(next), removeIfThere(next+".wal")); err != nil {
		return err
	}
	db, err := store.Open(ctx, next, store.Options{Threads: 1})
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("connect to the working store: %w", err), db.Close())
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), "state-*")
	if err != nil {
		return errors.Join(fmt.Errorf("create a folder for the working store: %w", err), conn.Close(), db.Close())
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var catalog string
	if err := conn.QueryRowContext(ctx, "select current_database()").Scan(&catalog); err != nil {
		return errors.Join(fmt.Errorf("name the working store: %w", err), conn.Close(), db.Close())
	}
	l := loader{conn: conn, catalog: store.Ident(catalog), dir: dir}
	err = errors.Join(l.exec(ctx, "create schema lake"), l.ledger(ctx, lk, types), l.exec(ctx, `create view lake."cursor" as
		select source, stream, arg_max(rest, (pull, batch)) as rest from lake.pull where rest is not null group by source, stream`, "checkpoint"))
	if err := errors.Join(err, conn.Close(), db.Close(), store.Private(next)); err != nil {
		return err
	}
	return lake.Rename(next, path)
}
