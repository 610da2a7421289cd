package acme

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// lines calls f for every line of a file that Write made.
func lines(t *testing.T, dir, path string, f func(line []byte)) {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		f(s.Bytes())
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
}

func table(t *testing.T, dir, path string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestEveryLine reads the whole demo: each line is JSON, and as many as the
// manifest says.
func TestEveryLine(t *testing.T) {
	w := theDemo(t)
	for _, f := range w.m.Files {
		rows := 0
		if strings.HasSuffix(f.Path, ".csv") {
			rows = len(table(t, w.dir, f.Path))
		} else {
			lines(t, w.dir, f.Path, func(line []byte) {
				rows++
				if !json.Valid(line) {
					t.Fatalf("%s:%d is not JSON: %s", f.Path, rows, line)
				}
			})
		}
		if rows != f.Rows || rows == 0 {
			t.Errorf("%s has %d rows, the manifest says %d", f.Path, rows, f.Rows)
		}
	}
	if w.m.Events < 300_000 {
		t.Errorf("the demo has %d raw events, want 300,000 at least", w.m.Events)
	}
}

// TestLayout: every promised file is there.
func TestLayout(t *testing.T) {
	w := theDemo(t)
	have := map[string]bool{}
	for _, f := range w.m.Files {
		have[f.Path] = true
	}
	for source, streams := range map[string]string{
		Okta: "system_log users groups group_members group_rules apps app_users app_groups user_roles group_roles",
		Entra: "sign_ins sign_ins_noninteractive directory_audits users groups group_members service_principals " +
			"app_role_assignments role_definitions role_assignments",
		"history": "usage_day change",
	} {
		for _, s := range strings.Fields(streams) {
			if !have[source+"/"+s+".ndjson.gz"] {
				t.Errorf("%s of %s is missing", s, source)
			}
		}
	}
	for _, p := range strings.Fields("okta/coverage.ndjson entra/coverage.ndjson history/coverage.ndjson hr/workers.ndjson " +
		"hr/transfers.ndjson hr/leaves.ndjson hr/terminations.ndjson legacy/accounts.csv legacy/entitlements.csv " +
		"legacy/assignments.csv legacy/usage.csv legacy/coverage.csv truth.csv") {
		if !have[p] {
			t.Errorf("%s is missing", p)
		}
	}
}

type oktaLine struct {
	UUID, Published, EventType string
	Actor                      struct{ ID, Type string }
	Outcome                    struct{ Result string }
	Target                     *[]struct{ ID, Type string }
}

// TestSystemLogIsReal looks for what makes logs hard: repeats, late events,
// null and empty targets, targets in either order, types nobody knows.
func TestSystemLogIsReal(t *testing.T) {
	w := theDemo(t)
	seen, types := map[string]int{}, map[string]int{}
	repeats, late, null, empty, turned, bytes := 0, 0, 0, 0, 0, 0
	last := ""
	lines(t, w.dir, fileSystemLog, func(line []byte) {
		var e oktaLine
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		bytes += len(line)
		types[e.EventType]++
		if seen[e.UUID]++; seen[e.UUID] > 1 {
			repeats++
		}
		if e.Published < last {
			late++
		}
		last = max(last, e.Published)
		switch {
		case e.Target == nil:
			null++
		case len(*e.Target) == 0:
			empty++
		case e.EventType == "group.user_membership.add" && (*e.Target)[0].Type == "UserGroup":
			turned++
		}
	})
	for what, n := range map[string]int{"repeats": repeats, "late events": late, "null targets": null, "empty targets": empty,
		"targets in the other order": turned} {
		if n == 0 {
			t.Errorf("the log has no %s", what)
		}
	}
	if mean := bytes / w.m.Events; len(types) < 20 || mean < 1000 {
		t.Errorf("%d event types of %d bytes on average", len(types), mean)
	}
	if uuids := len(seen); uuids+repeats != rowsOf(w.m, fileSystemLog) {
		t.Errorf("%d ids and %d repeats do not make %d events", uuids, repeats, rowsOf(w.m, fileSystemLog))
	}
}

func rowsOf(m Manifest, path string) int {
	for _, f := range m.Files {
		if f.Path == path {
			return f.Rows
		}
	}
	return 0
}

// TestSameUUIDSameBytes: a repeated id is an exact repeat.
func TestSameUUIDSameBytes(t *testing.T) {
	w := theDemo(t)
	for path, key := range map[string]string{fileSystemLog: "uuid", fileSignIns: "id", fileSilent: "id", fileAudits: "id"} {
		first := map[string]string{}
		lines(t, w.dir, path, func(line []byte) {
			at := strings.Index(string(line), `"`+key+`":"`)
			if path == fileSystemLog {
				at = strings.LastIndex(string(line), `"uuid":"`)
			}
			id, body := string(line[at:at+50]), string(line)
			if other, again := first[id]; again && other != body {
				t.Fatalf("%s: two events share the id %s", path, id)
			}
			first[id] = body
		})
	}
}

func TestCold(t *testing.T) {
	dir := writeFresh(t, Options{People: 80, Cold: true})
	first := ""
	lines(t, dir, "okta/coverage.ndjson", func(line []byte) { first = string(line) })
	if !strings.Contains(first, `"first_day":"2026-08-02","last_day":"2026-08-31"`) {
		t.Errorf("a cold start covers %s", first)
	}
	if _, err := os.Stat(filepath.Join(dir, "history")); err == nil {
		t.Error("a cold start has a history")
	}
}

func TestEventsTarget(t *testing.T) {
	for _, target := range []int{4_000, 12_000, 80_000} {
		c, err := Generate(Options{People: 150, LogDays: 60, HistoryDays: 60, EventsTarget: target})
		if err != nil {
			t.Fatal(err)
		}
		m, err := c.Write(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(m.Events) / float64(target); got < 0.85 || got > 1.25 {
			t.Errorf("asked for %d events, got %d", target, m.Events)
		}
	}
}
