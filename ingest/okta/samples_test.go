package okta

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

var update = flag.Bool("update", false, "write the table of samples anew")

const (
	samples     = "../../../shared/data/logs/okta"
	sampleTable = "../../testdata/samples/okta.tsv"
	sampleHead  = "file\tlines\tstream\tlanded\tduplicate\tquarantined\treasons\n"
)

// A tally counts what became of a stream's items out of one file.
type tally struct {
	landed, duplicate, quarantined int
	reasons                        map[string]int
}

// refuse counts items that were refused for a reason, without its values.
func (c *tally) refuse(reason string, n int) {
	c.quarantined += n
	c.reasons[regexp.MustCompile(` ".*"`).ReplaceAllString(reason, "")] += n
}

// TestSamples lands every sample file, runs the landing models over what landed
// and compares the counts with the table. What was served is in the table to
// the last item: landed, known for a duplicate, or refused with a reason.
func TestSamples(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(samples, "*.ndjson"))
	if err != nil || len(names) == 0 {
		t.Skipf("no samples in %s", samples)
	}
	slices.Sort(names)
	var got strings.Builder
	got.WriteString(sampleHead)
	for _, name := range names {
		got.WriteString(sampleRows(t, name))
	}
	if *update {
		if err := os.WriteFile(sampleTable, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(sampleTable)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); d != "" {
		t.Errorf("samples (-table +counted):\n%s", d)
	}
}

// sampleRows lands one file and writes its rows of the table.
func sampleRows(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lk, served := pullSample(t, filepath.Base(name), body)
	lines := bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	c := database(t)
	var out strings.Builder
	counted, logged := 0, 0
	for _, s := range Streams() {
		n := count(t, c, lk, s)
		if all := n.landed + n.duplicate + n.quarantined; all > 0 {
			counted += all
			fmt.Fprintf(&out, "%s\t%d\t%s\t%d\t%d\t%d\t%s\n", filepath.Base(name), len(lines), s.Name, n.landed, n.duplicate, n.quarantined, n.why())
		}
		if s.Kind == ingest.Events {
			logged += n.landed + n.duplicate
		}
	}
	if counted != served {
		t.Errorf("%s: %d items were served, %d are accounted for", name, served, counted)
	}
	if events := whole(lines); logged != events {
		t.Errorf("%s: %d events have an id, a time and a type, %d landed", name, events, logged)
	}
	return out.String()
}

// whole counts the lines that are events with an id, a time and a type.
func whole(lines [][]byte) int {
	n := 0
	has := func(line []byte, keys ...string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return lake.TextAt(line, k) != "" })
	}
	for _, line := range lines {
		if has(line, "uuid", "uuid_g") && has(line, "published", "published_t") && has(line, "eventType", "eventtype", "eventType_s") {
			n++
		}
	}
	return n
}

// pullSample pulls a folder that holds the file alone: lists of users as such,
// recorded exchanges under their own name, everything else as a log.
func pullSample(t *testing.T, name string, body []byte) (*lake.Lake, int) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
		t.Fatal(err)
	}
	files := map[access.StreamName][]string{SystemLog: {name}}
	switch {
	case strings.HasSuffix(name, "_http.ndjson"):
		files = nil
	case strings.HasSuffix(name, "_users.ndjson"):
		files = map[access.StreamName][]string{Users: {name}}
	}
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	reports, err := ingest.Pull(t.Context(), lk, "okta", Saved(dir, files), ingest.Options{AsOf: asOf, Clock: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	served := 0
	for _, r := range reports {
		if r.Err != nil {
			t.Errorf("%s %s: %v", name, r.Stream, r.Err)
		}
		served += int(r.Served)
	}
	return lk, served
}

// count reads a stream's manifests and quarantine, and runs its landing model.
func count(t *testing.T, c *sql.Conn, lk *lake.Lake, s ingest.Stream) tally {
	t.Helper()
	n := tally{reasons: map[string]int{}}
	manifests, err := lk.Manifests(lake.StreamID{Source: "okta", Stream: s.Name})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, m := range manifests {
		for _, segment := range m.Segments {
			files = append(files, store.Quote(filepath.Join(lk.Dir, segment.Path)))
		}
		if m.QuarantineFile != "" {
			n.quarantine(t, filepath.Join(lk.Dir, m.QuarantineFile))
		}
	}
	if len(files) > 0 {
		run(t, c, "set variable files = ["+strings.Join(files, ", ")+"]")
		n.landing(t, c, s)
	}
	return n
}

// quarantine counts the items that the pull refused.
func (c *tally) quarantine(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		c.refuse(strings.TrimSpace(lake.TextAt(line, "field")+" "+lake.TextAt(line, "reason")), 1)
	}
}

// landing counts what the landing model reads: events once for each id and day.
func (c *tally) landing(t *testing.T, conn *sql.Conn, s ingest.Stream) {
	t.Helper()
	from := " from (" + model(t, "landing/okta_"+string(s.Name)+".sql") + ") as m "
	key := "to_json(m)"
	if s.Kind == ingest.Events {
		key = `(m."at"::date, m.event_id)`
	}
	all := 0
	scan(t, rows(t, conn, "select count(distinct "+key+")"+from+"where fault is null"), &c.landed)
	scan(t, rows(t, conn, "select count(*)"+from+"where fault is null"), &all)
	c.duplicate = all - c.landed
	for row := range strings.Lines(rows(t, conn, "select count(*), fault"+from+"where fault is not null group by fault")) {
		n, reason, _ := strings.Cut(strings.TrimSpace(row), "|")
		faults := 0
		scan(t, n, &faults)
		c.refuse(reason, faults)
	}
}

func scan(t *testing.T, text string, n *int) {
	t.Helper()
	if _, err := fmt.Sscan(text, n); err != nil {
		t.Fatal(err)
	}
}

// why lists the reasons with their counts.
func (c *tally) why() string {
	var out []string
	for _, r := range slices.Sorted(maps.Keys(c.reasons)) {
		out = append(out, fmt.Sprintf("%s: %d", r, c.reasons[r]))
	}
	return strings.Join(out, "; ")
}
