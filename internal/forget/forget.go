package forget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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

// typed are the folders of files that are made of the landed answers.
var typed = []string{"event", "inventory", "usage_day", "change", "history"}

// removeTyped removes the typed files of days whose segments are others now, all
// typed inventories, since a kill may have come between a segment and what was
// made of it, and what a kill left half-written. The next mine makes them anew.
func removeTyped(lk *lake.Lake, changed map[lake.StreamID][]lake.Segment) error {
	dirs := []string{filepath.Join(lk.Dir, "inventory")}
	for id, segments := range changed {
		for _, s := range segments {
			if s.Day != "" {
				dirs = append(dirs, filepath.Join(lk.Dir, "event", "source="+string(id.Source), "stream="+string(id.Stream), "day="+string(s.Day)))
			}
		}
	}
	for _, dir := range dirs {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove typed files: %w", err)
		}
	}
	for _, folder := range typed {
		halves, err := below(filepath.Join(lk.Dir, folder), half)
		if err != nil {
			return err
		}
		for _, path := range halves {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("remove half-written files: %w", err)
			}
		}
	}
	return nil
}

// half says whether a file was not finished: x.parquet.tmp, x.parquet.raw.once.
func half(name string) bool {
	_, rest, _ := strings.Cut(name, ".parquet.")
	return strings.HasPrefix(rest, "tmp") || strings.HasPrefix(rest, "raw")
}

// below lists the files of a folder at any depth; none where it is absent.
func below(dir string, wanted func(name string) bool) (out []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return nil
		}
		if err == nil && !d.IsDir() && wanted(d.Name()) {
			out = append(out, path)
		}
		return err
	})
	return out, err
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
