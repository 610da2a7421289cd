package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// historyFile finds a file of the folder, compressed or not; empty when there
// is none.
func historyFile(dir, name string) string {
	for _, ext := range []string{".ndjson", ".ndjson.gz", ".ndjson.zst"} {
		if path := filepath.Join(dir, name+ext); exists(path) {
			return path
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// ImportHistory adds roll-ups that were kept elsewhere, for instance by an
// earlier installation or a SIEM, to the lake: usage_day.ndjson (source, day,
// account, entitlement, successes, failures, interactive), change.ndjson
// (source, event_id, at, kind, outcome, account, entitlement, other, value,
// actor, event_type) and coverage.ndjson (source, stream, first_day, last_day).
// Identifiers are the log's own. A changed file replaces what was imported of
// it; one that stands as it was imported is not read again.
func ImportHistory(ctx context.Context, db *sql.Conn, lk *lake.Lake, dir string) error {
	for _, r := range []struct{ name, columns, order string }{
		{"usage_day", `{source: 'VARCHAR', day: 'DATE', account: 'VARCHAR', entitlement: 'VARCHAR', successes: 'BIGINT', failures: 'BIGINT', interactive: 'BIGINT'}`,
			"entitlement, account, day"},
		{"change", `{source: 'VARCHAR', event_id: 'VARCHAR', "at": 'TIMESTAMP', kind: 'VARCHAR', outcome: 'VARCHAR', account: 'VARCHAR', entitlement: 'VARCHAR', other: 'VARCHAR', value: 'VARCHAR', actor: 'VARCHAR', event_type: 'VARCHAR'}`,
			`"at", event_id`},
	} {
		if path := historyFile(dir, r.name); path != "" {
			err := once(path, filepath.Join(lk.Dir, r.name, "imported.sha256"), func() error {
				return importRollup(ctx, db, lk, path, r.name, r.columns, r.order)
			})
			if err != nil {
				return fmt.Errorf("import %s: %w", path, err)
			}
		}
	}
	return importCoverage(ctx, db, lk, historyFile(dir, "coverage"))
}

// importing names the way in which files are imported: what another one wrote is
// imported again.
const importing = "1"

// once calls work unless the mark says that it was done on the file's present
// bytes, and marks that it is done.
func once(path, mark string, work func() error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	digest := importing + " " + hex.EncodeToString(h.Sum(nil))
	done, err := os.ReadFile(mark)
	if err == nil && string(done) == digest {
		return nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read what was imported before: %w", err)
	}
	if err := removeIfThere(mark); err != nil { // a kill must not leave the mark of the file before
		return err
	}
	if err := work(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(mark), 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	if err := os.WriteFile(mark, []byte(digest), 0o600); err != nil {
		return fmt.Errorf("note what was imported: %w", err)
	}
	return nil
}

// importRollup writes one file a source and month.
func importRollup(ctx context.Context, db *sql.Conn, lk *lake.Lake, path, name, columns, order string) error {
	day := "day"
	if name == "change" {
		day = `"at"`
	}
	read := "select * from read_json(" + store.Quote(path) + ", columns = " + columns + ", format = 'newline_delimited')"
	if err := execute(ctx, db, "create or replace temp table history as select *, strftime("+day+", '%Y-%m') as month from ("+read+")"); err != nil {
		return err
	}
	parts, err := queryPairs(ctx, db, "select distinct source, month from history order by all")
	if err != nil {
		return err
	}
	for _, p := range parts {
		out := filepath.Join(lk.Dir, name, "source="+p[0], "month="+p[1], "imported.parquet")
		if err := os.MkdirAll(filepath.Dir(out), 0o700); err != nil {
			return fmt.Errorf("create a folder of the lake: %w", err)
		}
		q := "select * exclude (source, month) from history where source = " + store.Quote(p[0]) + " and month = " + store.Quote(p[1]) + " order by " + order
		if err := copyParquet(ctx, db, q, out); err != nil {
			return err
		}
	}
	return execute(ctx, db, "drop table history")
}

// importCoverage seals one manifest a stream that says which days the imported
// roll-ups cover.
func importCoverage(ctx context.Context, db *sql.Conn, lk *lake.Lake, path string) error {
	if path == "" {
		return nil
	}
	rows, err := db.QueryContext(ctx, `select source, stream, strftime(unnest(generate_series(first_day, last_day, interval 1 day)), '%Y-%m-%d')
		from read_json(`+store.Quote(path)+`, columns = {source: 'VARCHAR', stream: 'VARCHAR', first_day: 'DATE', last_day: 'DATE'},
		format = 'newline_delimited') order by all`)
	if err != nil {
		return fmt.Errorf("import %s: %w", path, err)
	}
	defer rows.Close()
	var open *lake.Manifest
	seal := func() error {
		if open == nil {
			return nil
		}
		return lk.WriteManifest(*open)
	}
	for rows.Next() {
		var source, stream, day string
		if err := rows.Scan(&source, &stream, &day); err != nil {
			return fmt.Errorf("import %s: %w", path, err)
		}
		if open == nil || string(open.Source) != source || string(open.Stream) != stream {
			if err := seal(); err != nil {
				return err
			}
			open = &lake.Manifest{Source: access.SourceName(source), Stream: access.StreamName(stream), Pull: "imported", Events: true}
		}
		open.Coverage = append(open.Coverage, lake.DayCoverage{Day: access.Day(day), Status: lake.Complete})
	}
	return errors.Join(rows.Err(), seal())
}

// queryPairs reads two text columns.
func queryPairs(ctx context.Context, db *sql.Conn, q string) ([][2]string, error) {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("run %.60q: %w", q, err)
	}
	defer rows.Close()
	var out [][2]string
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, fmt.Errorf("run %.60q: %w", q, err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// execute runs statements one after the other.
func execute(ctx context.Context, db *sql.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("run %.60q: %w", statement, err)
		}
	}
	return nil
}
