package forget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// people of the firm, who have an account p<n> each.
const people = 8

var evening = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// A firm is a lake, with or without the person of number 3.
type firm struct {
	lake *lake.Lake
	with bool
}

func (f firm) seal(t *testing.T, stream, pull string, at time.Time, day access.Day, lines ...string) {
	t.Helper()
	b, err := f.lake.Begin(lake.Manifest{Source: "legacy", Stream: access.StreamName(stream), Pull: pull, Events: day != "", At: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if !f.with && strings.Contains(line, `"p3"`) {
			continue
		}
		if err := b.Append(day, []byte(line), ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Seal(func(m *lake.Manifest) {
		m.Complete = true
		if stream == "usage" {
			m.Coverage = []lake.DayCoverage{{Day: day, Status: lake.Complete}}
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// nights lands two nights: in the second one some access is gone and a person
// has another title.
func (f firm) nights(t *testing.T) {
	t.Helper()
	for night := range 2 {
		at, pull := evening.AddDate(0, 0, night-3), fmt.Sprintf("p%06d", night+1)
		var accounts, assignments, usage, events []string
		for n := range people {
			accounts = append(accounts, fmt.Sprintf(`{"account_id":"p%d","login":"p%d","email":"p%d@x.test","employee_number":"10%d","title":"T%d","status":"active"}`, n, n, n, n, n%3+n%2*night))
			if night == 0 || n%3 > 0 {
				assignments = append(assignments, fmt.Sprintf(`{"account_id":"p%d","entitlement_id":"crm","since":"2026-01-01"}`, n))
			}
			usage = append(usage, fmt.Sprintf(`{"_id":"u%d-%d","day":%q,"account_id":"p%d","entitlement_id":"crm"}`, night, n, access.DayOf(at), n))
			events = append(events, fmt.Sprintf(`{"_id":"e%d-%d","at":"%sT01:00:00Z","action":"grant","account_id":"p%d","entitlement_id":"crm"}`, night, n, access.DayOf(at), n))
		}
		f.seal(t, "accounts", pull, at, "", accounts...)
		f.seal(t, "entitlements", pull, at, "", `{"entitlement_id":"crm","kind":"app","name":"CRM"}`)
		f.seal(t, "assignments", pull, at, "", assignments...)
		f.seal(t, "usage", pull, at, access.DayOf(at), usage...)
		f.seal(t, "events", pull, at, access.DayOf(at), events...)
	}
}

// purge removes what the retention of raw answers would: the first night's
// segments and manifests, and the typed events made of them.
func (f firm) purge(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"landed/legacy/*/*/p000001-*", "event/source=legacy/stream=*/day=2026-10-29"} {
		paths, err := filepath.Glob(filepath.Join(f.lake.Dir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, p := range paths {
			if err := os.RemoveAll(p); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// mine makes all tables and returns their rows.
func (f firm) mine(t *testing.T) map[string][]string {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	b := &mining.Build{Lake: f.lake, Types: map[access.SourceName]string{"legacy": "file"}, WorkDir: filepath.Join(dir, "work"),
		Out: filepath.Join(dir, "winnow.duckdb"), AsOf: evening, RunID: "r", Settings: map[string]any{}}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := b.Run(ctx); err != nil {
		t.Fatal(err)
	}
	tables, err := ask(ctx, b.Conn(), "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'snapshot' order by all")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, table := range tables {
		if out[table], err = ask(ctx, b.Conn(), "select to_json(t)::varchar from snapshot."+table+" as t"); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// memory is a connection to a database of its own.
func memory(t *testing.T) (*sql.Conn, func()) {
	t.Helper()
	db, err := store.Open(context.Background(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return conn, func() { _ = errors.Join(conn.Close(), db.Close()) }
}

// found lists the files of the lake that hold a text in any of their values.
func (f firm) found(t *testing.T, text string) (out []string) {
	t.Helper()
	ctx := context.Background()
	conn, closeAll := memory(t)
	defer closeAll()
	err := filepath.WalkDir(f.lake.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		from := "read_text(" + quoted([]string{path}) + ")"
		switch filepath.Ext(path) {
		case ".parquet":
			from = "read_parquet(" + quoted([]string{path}) + ", hive_partitioning = false)"
		case ".zst":
			from = "read_csv(" + quoted([]string{path}) + ", compression = 'zstd', columns = {line: 'VARCHAR'}, delim = '\x01', quote = '', header = false)"
		}
		hits, err := ask(ctx, conn, "select 'x' from "+from+" as t where contains(to_json(t)::varchar, "+quoted([]string{text})+")")
		if len(hits) > 0 {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// keep copies what a forgetting deletes or leaves to the next mine; the function
// puts it back, as a kill in its midst would leave it.
func (f firm) keep(t *testing.T) func() {
	t.Helper()
	copies := map[string][]byte{}
	for _, pattern := range []string{"landed/legacy/*/*/p000002-00000.ndjson.zst", "inventory/*/*/*.parquet"} {
		paths, err := filepath.Glob(filepath.Join(f.lake.Dir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			if copies[path], err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
			copies[filepath.Join(filepath.Dir(path), "half.parquet.raw.once.tmp")] = []byte("p3")
		}
	}
	mark := filepath.Join(f.lake.Dir, "usage_day", "imported.sha256") // which says that a history was read
	if err := os.WriteFile(mark, []byte("1 ab"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := os.Stat(mark); err != nil {
			t.Error(err)
		}
	})
	return func() {
		for path, b := range copies {
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A lake from which a person was forgotten gives the tables that it would give
// had they never been there, whether the raw answers are all there or purged,
// and no file of it names them.
func TestForgottenAsIfNeverThere(t *testing.T) {
	three := Person{Accounts: map[access.SourceName][]string{"legacy": {"p3"}}, Mails: []string{"p3@x.test"}, Numbers: []string{"103"}}
	for _, purged := range []bool{false, true} {
		firms := map[bool]firm{}
		for _, with := range []bool{false, true} {
			lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
			if err != nil {
				t.Fatal(err)
			}
			firms[with] = firm{lk, with}
			if !with && !purged {
				continue // the second night's answers are compared below, unpurged
			}
			firms[with].nights(t)
			firms[with].mine(t)
			if purged {
				firms[with].purge(t)
			}
		}
		f := firms[true]
		if n := len(f.found(t, `"p3"`)); n < 5 {
			t.Fatalf("%d files name the person before", n)
		}
		putBack := f.keep(t)
		would, err := three.Forget(t.Context(), f.lake, true)
		if err != nil {
			t.Fatal(err)
		}
		did, err := three.Forget(t.Context(), f.lake, false)
		if err != nil {
			t.Fatal(err)
		}
		if would != did || did.Dropped == 0 || did.Changed != 0 || did.Rows == 0 {
			t.Errorf("purged %v: would remove %+v, removed %+v", purged, would, did)
		}
		for _, text := range []string{`"p3"`, "p3@x.test", `"103"`, "legacy:p3"} {
			if files := f.found(t, text); len(files) > 0 {
				t.Errorf("purged %v: %s stands in %q", purged, text, files)
			}
		}
		putBack()
		if again, err := three.Forget(t.Context(), f.lake, false); err != nil || again != (Counts{}) {
			t.Errorf("purged %v: again removes %+v, %v", purged, again, err)
		}
		if files := f.found(t, "p3"); len(files) > 0 {
			t.Errorf("purged %v: after a kill the person stands in %q", purged, files)
		}
		if !purged {
			continue
		}
		want, got := firms[false].mine(t), f.mine(t)
		if len(want) < 40 || len(want) != len(got) || len(want["core.assignment_history"]) == 0 || len(want["core.usage_day"]) == 0 {
			t.Fatalf("%d and %d tables", len(want), len(got))
		}
		for table := range want {
			if !slices.Equal(want[table], got[table]) {
				t.Errorf("purged %v: %s is\n%q, want\n%q", purged, table, got[table], want[table])
			}
		}
	}
}
