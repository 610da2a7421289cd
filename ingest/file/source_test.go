package file_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/file"
	"winnow/ingest/saved"
	"winnow/internal/access"
	"winnow/internal/store"
)

// folder writes files and returns their folder.
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

// source opens a folder.
func source(t *testing.T, o file.Options) *file.Source {
	t.Helper()
	o.ReadParquet = store.ParquetRows
	s, err := file.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var rowID = regexp.MustCompile(`^\{"_id":"([0-9a-f]{16})"`)

// read reads a stream and holds what it serves against the stream's shape. The
// bodies come back without their ids.
func read(t *testing.T, s *file.Source, name access.StreamName, since access.Cursor) (bodies, ids []string, rest access.Cursor, faults []*access.Fault, err error) {
	t.Helper()
	var stream ingest.Stream
	for _, st := range s.Streams() {
		if st.Name == name {
			stream = st
		}
	}
	for rec, rerr := range s.Records(context.Background(), name, since, ingest.Window{}) {
		var fault *access.Fault
		if rerr == nil {
			rerr = stream.Shape.Check(rec.Body)
		}
		switch {
		case errors.As(rerr, &fault):
			faults = append(faults, fault)
			continue
		case rerr != nil:
			return bodies, ids, rest, faults, rerr
		}
		m := rowID.FindSubmatch(rec.Body)
		if m == nil {
			t.Fatalf("no id: %s", rec.Body)
		}
		ids = append(ids, string(m[1]))
		bodies = append(bodies, "{"+strings.TrimPrefix(string(rec.Body[len(m[0]):]), ","))
		if rec.Rest != "" {
			rest = rec.Rest
		}
	}
	return bodies, ids, rest, faults, err
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
}

func TestRowsLandUnderOurNames(t *testing.T) {
	dir := folder(t, map[string]string{
		"accounts.csv":      "Account_ID;login;Büro;status\n 1 ;ada;\"Kai \"\"3\"\"\";\n2;bo;;active\n",
		"who-has-what.tsv":  "user\tentitlement\tlevel\tSince\tadmin\nu1\tteam:a\tlead\t2026-01-01\tyes\nu2\tteam:a\t\t\tno\n",
		"entitlements.json": `[{"entitlement_id": "e1", "monthly_cost": 12.50, "tags": ["x"]}, {"entitlement_id": "e2"}]`,
		"events.ndjson":     `{"ts":"2026-01-01T00:00:00Z","op":"ADD","who":{"id":7},"account_id":"u1","entitlement_id":"e1"}` + "\n",
	})
	s := source(t, file.Options{Dir: dir, Files: map[access.StreamName]string{"assignments": "who-has-what.tsv"},
		Columns: map[access.StreamName]map[string]string{
			"assignments": {"account_id": "user", "entitlement_id": "{entitlement}/{level}", "path": "=group:all"},
			"events":      {"at": "ts", "action": "op"},
		},
		Values: map[access.StreamName]map[string]map[string]string{"events": {"action": {"add": "grant"}}}})
	got, _, _, _, err := read(t, s, "accounts", "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, `{"account_id":"1","login":"ada","status":"","Büro":"Kai \"3\""}`, `{"account_id":"2","login":"bo","status":"active","Büro":""}`)
	got, _, _, faults, err := read(t, s, "assignments", "")
	if err != nil || len(faults) != 1 || faults[0].Field != "entitlement_id" {
		t.Errorf("half of a composite id was not refused: %v %v", faults, err)
	}
	same(t, got, `{"account_id":"u1","entitlement_id":"team:a/lead","since":"2026-01-01","path":"group:all","entitlement":"team:a","level":"lead","admin":"yes"}`)
	got, _, _, _, err = read(t, s, "entitlements", "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, `{"entitlement_id": "e1", "monthly_cost": 12.50, "tags": ["x"]}`, `{"entitlement_id": "e2"}`)
	got, _, _, _, err = read(t, s, "events", "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, `{"at":"2026-01-01T00:00:00Z","action":"grant","account_id":"u1","entitlement_id":"e1","who":{"id":7}}`)
}

func TestEqualRowsHaveEqualIds(t *testing.T) {
	head := "at,action,account_id,entitlement_id\n"
	row := "2026-01-01T00:00:00Z,grant,u1,e1\n"
	_, ids, _, _, err := read(t, source(t, file.Options{Dir: folder(t, map[string]string{"events.csv": head + row + row + "2026-01-01T00:00:00Z,grant,u1,e2\n"})}), "events", "")
	if err != nil || len(ids) != 3 || ids[0] != ids[1] || ids[1] == ids[2] {
		t.Errorf("ids %v %v", ids, err)
	}
}

func TestAColumnNamedLikeTheIdIsKept(t *testing.T) {
	s := source(t, file.Options{Dir: folder(t, map[string]string{
		"accounts.ndjson": `{"_id":"x","account_id":"1"}`, "assignments.csv": "account_id,entitlement_id,_id\nu,e,y\n"})})
	got, _, _, _, _ := read(t, s, "accounts", "")
	same(t, got, `{"account_id":"1","__id":"x"}`)
	got, _, _, _, _ = read(t, s, "assignments", "")
	same(t, got, `{"account_id":"u","entitlement_id":"e","__id":"y"}`)
}

func TestParquetReadsLikeCSV(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "usage.parquet")
	if _, err := db.ExecContext(ctx, `copy (select timestamptz '2026-03-01 10:00:00+02' as "at", 'u1' as usr, 'e1' as entitlement_id, 3 as count)
		to `+store.Quote(path)+` (format parquet)`); err != nil {
		t.Fatal(err)
	}
	columns := map[access.StreamName]map[string]string{"usage": {"account_id": "usr"}}
	want := `{"at":"2026-03-01 08:00:00","account_id":"u1","entitlement_id":"e1","count":3}`
	got, _, rest, _, err := read(t, source(t, file.Options{Dir: dir, Columns: columns}), "usage", "")
	if err != nil || rest == "" {
		t.Fatalf("rest %q, err %v", rest, err)
	}
	same(t, got, want)

	plain, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(plain)
	_ = z.Close()
	got, _, _, _, err = read(t, source(t, file.Options{Dir: folder(t, map[string]string{"usage.parquet.gz": packed.String()}), Columns: columns}), "usage", "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want)
	if _, _, _, _, err := read(t, source(t, file.Options{Dir: dir}), "usage", ""); err == nil || !strings.Contains(err.Error(), "no column account_id") {
		t.Errorf("a missing column of Parquet: %v", err)
	}
}

func TestMissingColumnsAreNamed(t *testing.T) {
	dir := folder(t, map[string]string{"assignments.csv": "user,group\na,b\n", "usage.csv": "account_id,entitlement_id\na,b\n"})
	_, _, _, _, err := read(t, source(t, file.Options{Dir: dir}), "assignments", "")
	if err == nil || !strings.Contains(err.Error(), "assignments.csv: there is no column account_id, no column entitlement_id") {
		t.Errorf("err %v", err)
	}
	if h := access.HintOf(err); !strings.Contains(h, "user, group") || !strings.Contains(h, "columns: {assignments.account_id: user}") {
		t.Errorf("hint %q", h)
	}
	if _, _, _, _, err := read(t, source(t, file.Options{Dir: dir}), "usage", ""); err == nil || !strings.Contains(err.Error(), "no column at or day") {
		t.Errorf("err %v", err)
	}
	typo := map[access.StreamName]map[string]string{"assignments": {"account_id": "usr", "entitlement_id": "{group}/{lvl}"}}
	if _, _, _, _, err := read(t, source(t, file.Options{Dir: dir, Columns: typo}), "assignments", ""); err == nil ||
		!strings.Contains(err.Error(), "usr (mapped to account_id)") || !strings.Contains(err.Error(), "lvl (mapped to entitlement_id)") {
		t.Errorf("err %v", err)
	}
}

func TestOptionsAreCheckedAtOnce(t *testing.T) {
	_, err := file.New(file.Options{
		Files:   map[access.StreamName]string{"uses": "x.csv", "events": "../x.csv"},
		Columns: map[access.StreamName]map[string]string{"usage": {"who": "x", "count": "{n", "day": ""}, "nothing": {}},
		Values:  map[access.StreamName]map[string]map[string]string{"events": {"verb": {"a": "b"}}},
	})
	for _, word := range []string{`"uses"`, "../x.csv", "usage.who", "{n", "usage.day", `"nothing"`, "events.verb"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s is not reported in %v", word, err)
		}
	}
}

func TestAFileIsServedAgainOnlyWhenItOrItsMappingChanges(t *testing.T) {
	dir := folder(t, map[string]string{"events.csv": "at,action,account_id,entitlement_id,who\n2026-01-01,grant,u1,e1,u2\n"})
	s := source(t, file.Options{Dir: dir})
	got, _, rest, _, err := read(t, s, "events", "")
	if err != nil || len(got) != 1 || rest == "" {
		t.Fatal(got, rest, err)
	}
	if again, _, _, _, err := read(t, s, "events", rest); err != nil || len(again) != 0 {
		t.Errorf("served again: %v %v", again, err)
	}
	mapped := source(t, file.Options{Dir: dir, Columns: map[access.StreamName]map[string]string{"events": {"account_id": "who"}}})
	got, _, _, _, err = read(t, mapped, "events", rest)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, `{"at":"2026-01-01","action":"grant","account_id":"u2","entitlement_id":"e1","_account_id":"u1"}`)
}

func TestAFolderNeedsAssignmentsOrEvents(t *testing.T) {
	var absent *ingest.Absent
	_, _, _, _, err := read(t, source(t, file.Options{Dir: folder(t, map[string]string{"accounts.csv": "account_id\n1\n"})}), "assignments", "")
	if err == nil || errors.As(err, &absent) || !strings.Contains(err.Error(), "neither assignments nor events") {
		t.Errorf("err %v", err)
	}
	s := source(t, file.Options{Dir: folder(t, map[string]string{"events.csv": "at,action,account_id,entitlement_id\n"})})
	if _, _, _, _, err := read(t, s, "assignments", ""); !errors.As(err, &absent) || absent.Hint == "" {
		t.Errorf("err %v", err)
	}
	if got, _, _, _, err := read(t, s, "events", ""); err != nil || len(got) != 0 {
		t.Errorf("an empty log: %v %v", got, err)
	}
}

func TestACutFileIsNotWhole(t *testing.T) {
	s := source(t, file.Options{Dir: folder(t, map[string]string{"assignments.csv": "account_id,entitlement_id\nu1,e1\nu2"})})
	got, _, _, faults, err := read(t, s, "assignments", "")
	var cut *saved.Truncated
	if !errors.As(err, &cut) || len(got) != 1 || len(faults) != 1 {
		t.Errorf("%v %v %v", got, faults, err)
	}
}

func TestCoveredAndInspect(t *testing.T) {
	dir := folder(t, map[string]string{
		"usage.csv": "day,account_id,entitlement_id,note\n", "opens.csv": "a,b\n", "assignments.ndjson": "",
		"coverage.csv": "stream,from,to\nusage,2026-01-01,2026-02-01\n",
	})
	s := source(t, file.Options{Dir: dir, Columns: map[access.StreamName]map[string]string{"coverage": {"first_day": "from", "last_day": "to"}}})
	spans, err := s.Covered(context.Background())
	if err != nil || len(spans) != 1 || spans[0] != (ingest.Span{Stream: "usage", First: "2026-01-01", Last: "2026-02-01"}) {
		t.Errorf("%v %v", spans, err)
	}
	for _, f := range s.Inspect(context.Background()) {
		switch f.Stream {
		case "usage":
			same(t, f.Unknown, "note")
		case "opens":
			if f.Err == nil || !strings.Contains(f.Err.Error(), "entitlement_id") {
				t.Errorf("opens: %v", f.Err)
			}
		default:
			if f.Err != nil {
				t.Errorf("%s: %v", f.Stream, f.Err)
			}
		}
	}
	bad := source(t, file.Options{Dir: folder(t, map[string]string{"coverage.csv": "stream,first_day,last_day\nusage,2026-01-01,31/12/2025\n"})})
	if _, err := bad.Covered(context.Background()); err == nil || !strings.Contains(err.Error(), "coverage.csv:2") {
		t.Errorf("err %v", err)
	}
}
