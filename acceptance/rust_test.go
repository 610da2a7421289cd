package acceptance_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/file"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/store"
)

// rustDir holds the files that docs/examples/rust-team-access.yaml is about.
const rustDir = "../../shared/data/rust-team-access"

// rustSource opens the example's source over a folder with the files.
func rustSource(t *testing.T, dir string) *file.Source {
	t.Helper()
	c, err := config.Load("../docs/examples/rust-team-access.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, ok := c.Source("rust")
	if !ok {
		t.Fatal("the example has no source rust")
	}
	columns, err := ingest.SplitColumns(s.Columns, file.Fields())
	if err != nil {
		t.Fatal(err)
	}
	files := map[access.StreamName]string{}
	for stream, name := range s.Files {
		files[access.StreamName(stream)] = name
	}
	src, err := file.New(file.Options{Dir: dir, Files: files, Columns: columns, ReadParquet: store.ParquetRows})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// needRust skips the test where the data is not.
func needRust(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(rustDir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the team access data is not here: " + rustDir)
	}
	if testing.Short() {
		t.Skip("thousands of days take their time")
	}
}

// rows reads a packed CSV file, header first, as the test's own reading.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(rustDir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// write writes a packed CSV file.
func write(t *testing.T, dir, name string, all [][]string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := csv.NewWriter(z)
	if err := errors.Join(w.WriteAll(all), z.Close(), os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// Every row of the files lands, once, and an unchanged file is not landed again.
func TestRustTeamAccessLands(t *testing.T) {
	needRust(t)
	c := newTenant(t, "2026-08-24")
	c.add("rust", "file", rustSource(t, rustDir))
	reports := c.pull(t)
	counts(t, reports, "rust/events", int64(len(rows(t, "events.csv.gz"))-1), 0)
	counts(t, reports, "rust/usage", int64(len(rows(t, "activity.csv.gz"))-1), 0)
	counts(t, reports, "rust/opens", int64(len(rows(t, "team_privilege_events.csv.gz"))-1), 0)
	counts(t, c.pull(t), "rust/usage", 0, 0)
}

// Every row is in the tables, and the state that the events leave behind is
// the one that the project's own files held at the end.
func TestRustTeamAccessMines(t *testing.T) {
	needRust(t)
	events, usage, opens := rows(t, "events.csv.gz"), rows(t, "activity.csv.gz"), rows(t, "team_privilege_events.csv.gz")
	dir := t.TempDir()
	write(t, dir, "events.csv.gz", events)
	write(t, dir, "activity.csv.gz", usage)
	write(t, dir, "team_privilege_events.csv.gz", opens)
	events, usage, opens = events[1:], usage[1:], opens[1:]
	c := newTenant(t, "2026-08-24")
	c.add("rust", "file", rustSource(t, dir))
	c.pull(t)
	db := c.mine(t)
	expect(t, db, "select count(*) from lake.encoded where fault is not null", "0")
	expect(t, db, "select count(*) from staging.doubt", "0")
	expect(t, db, "select sum(copies) from lake.encoded where stream in ('events', 'usage')", fmt.Sprint(len(events)+len(usage)))
	expect(t, db, "select count(*) from lake.change", fmt.Sprint(len(events)))

	var held []string
	for _, r := range rows(t, "final_assignments.csv.gz")[1:] {
		held = append(held, "rust:"+r[0]+"|rust:"+r[1]+"/"+r[2])
	}
	slices.Sort(held)
	if d := cmp.Diff(held, ask(t, db, "select account_id, entitlement_id from staging.assignment_edge")); d != "" {
		t.Errorf("held at the end (-their files +our events):\n%s", d)
	}
	accounts, entitlements, uses := map[string]bool{}, map[string]bool{}, 0
	for _, r := range events {
		accounts[r[2]], entitlements[r[3]+"/"+r[4]] = true, true
	}
	for _, r := range usage {
		n := 0
		if _, err := fmt.Sscan(r[4], &n); err != nil {
			t.Fatal(err)
		}
		accounts[r[1]], entitlements["repo:"+r[2]], uses = true, true, uses+n
	}
	for _, r := range opens {
		entitlements[r[2]+"/member"], entitlements[r[3]] = true, true
	}
	expect(t, db, "select sum(successes) from core.usage_day", fmt.Sprint(uses))
	expect(t, db, "select native_id from core.account", sortedKeys(accounts)...)
	expect(t, db, "select native_id from core.entitlement", sortedKeys(entitlements)...)
	expectOpen(t, db, opens)
}

// expectOpen holds the openings in force against a count of the changes.
func expectOpen(t *testing.T, db *sql.Conn, opens [][]string) {
	t.Helper()
	level := map[string]bool{}
	slices.SortStableFunc(opens, func(a, b []string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	for _, r := range opens { // at one instant a grant sorts before its revoke
		level[r[2]+"/member|"+r[3]+"|"+r[4]] = r[1] == "grant"
	}
	open := map[string]bool{}
	for key, granted := range level {
		if pair := key[:strings.LastIndex(key, "|")]; granted {
			open[pair] = true
		}
	}
	expect(t, db, `select entitlement_id[6:], opens_id[6:] from staging.opens where until is null`, sortedKeys(open)...)
	expect(t, db, `select count(*) from staging.opens where until < since`, "0")
	expect(t, db, `select 'seen' from core.entitlement where native_id = 'team:cargo/member' and signal = 'via_app' and observed`, "seen")
}
