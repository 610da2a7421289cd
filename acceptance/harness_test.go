// Package acceptance_test takes sources all the way: pulled into a real lake,
// mined by the real runner, asked as tables. It stands outside the layers,
// which do not know one another.
package acceptance_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining"
)

// A tenant is a lake and the sources that fill it.
type tenant struct {
	asOf     time.Time
	sources  map[access.SourceName]ingest.Source
	types    map[access.SourceName]string
	settings map[string]any
	lake     *lake.Lake
}

// newTenant returns a tenant with an empty lake.
func newTenant(t *testing.T, asOf string) *tenant {
	t.Helper()
	at, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		t.Fatal(err)
	}
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	return &tenant{asOf: at, sources: map[access.SourceName]ingest.Source{}, types: map[access.SourceName]string{},
		settings: map[string]any{}, lake: lk}
}

// add registers a source.
func (c *tenant) add(name access.SourceName, kind string, src ingest.Source) {
	c.sources[name], c.types[name] = src, kind
}

// pull lands every source and returns the reports as "source/stream".
func (c *tenant) pull(t *testing.T) map[string]ingest.StreamReport {
	t.Helper()
	out := map[string]ingest.StreamReport{}
	for _, name := range slices.Sorted(maps.Keys(c.sources)) {
		reports, err := ingest.Pull(context.Background(), c.lake, name, c.sources[name], ingest.Options{AsOf: c.asOf, MaxDrop: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reports {
			out[string(name)+"/"+string(r.Stream)] = r
		}
	}
	return out
}

// mine builds every table and returns the connection on which they resolve.
func (c *tenant) mine(t *testing.T) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	b := &mining.Build{Lake: c.lake, Types: c.types, WorkDir: filepath.Join(dir, "work"),
		Out: filepath.Join(dir, "winnow.duckdb"), AsOf: c.asOf, RunID: "r1", Settings: c.settings}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b.Conn()
}

// ask returns the rows of a query, sorted, values between bars and null as a dot.
func ask(t *testing.T, db *sql.Conn, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "select * from ("+query+") order by all")
	if err != nil {
		t.Fatalf("%v in\n%s", err, query)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, line(cells))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// line writes one row.
func line(cells []any) string {
	texts := make([]string, len(cells))
	for i, v := range cells {
		texts[i] = fmt.Sprint(v)
		if when, ok := v.(time.Time); ok {
			texts[i] = strings.TrimSuffix(when.UTC().Format("2006-01-02 15:04:05"), " 00:00:00")
		}
		if v == nil {
			texts[i] = "·"
		}
	}
	return strings.Join(texts, "|")
}

// expect compares the rows of a query with those that are wanted, in any order.
func expect(t *testing.T, db *sql.Conn, query string, want ...string) {
	t.Helper()
	got := ask(t, db, query)
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", query, d)
	}
}

// folder writes the files and returns their folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sortedKeys returns the keys of a set in order.
func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// counts checks what a pull reports of a stream.
func counts(t *testing.T, reports map[string]ingest.StreamReport, stream string, landed, quarantined int64) {
	t.Helper()
	r, ok := reports[stream]
	if !ok || r.Err != nil || r.Absent != nil || r.Landed != landed || r.Quarantined != quarantined || r.Served != landed+quarantined {
		t.Errorf("%s: served %d, landed %d, quarantined %d, err %v, absent %v, first fault %v; want %d and %d",
			stream, r.Served, r.Landed, r.Quarantined, r.Err, r.Absent, r.FirstFault, landed, quarantined)
	}
}
