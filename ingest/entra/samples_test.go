package entra

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

var update = flag.Bool("update", false, "write the table of samples anew")

const (
	samples     = "../../../shared/data/logs/entra"
	sampleTable = "../../testdata/samples/entra.tsv"
	sampleHead  = "file\tlines\tstream\tlanded\tduplicate\tquarantined\treasons\n"
)

// A tally counts what became of a stream's items out of one file.
type tally struct {
	landed, duplicate, quarantined int64
	reasons                        map[string]int64
}

// refuse counts items that were refused for a reason, without its values.
func (c *tally) refuse(reason string, n int64) {
	c.quarantined += n
	c.reasons[quotedValue.ReplaceAllString(reason, "")] += n
}

var quotedValue = regexp.MustCompile(` "[^"]*"`)

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
	lines := bytes.Count(bytes.TrimSpace(body), []byte("\n")) + 1
	db := openDB(t)
	var out strings.Builder
	var counted int64
	for _, e := range endpoints {
		c := tally{reasons: map[string]int64{}}
		files := c.readManifests(t, lk, e.Name)
		if len(files) > 0 {
			run(t, db, "set variable files = ["+strings.Join(files, ", ")+"]")
			c.readModel(t, e, func(q string) []string { return rowsOf(t, db, q) })
		}
		if n := c.landed + c.duplicate + c.quarantined; n > 0 {
			counted += n
			fmt.Fprintf(&out, "%s\t%d\t%s\t%d\t%d\t%d\t%s\n", filepath.Base(name), lines, e.Name, c.landed, c.duplicate, c.quarantined, c.why())
		}
	}
	if counted != served {
		t.Errorf("%s: %d items were served, %d are accounted for", name, served, counted)
	}
	return out.String()
}

// pullSample pulls a folder that holds the file alone. Examples of answers out
// of documentation are read as recorded exchanges.
func pullSample(t *testing.T, name string, body []byte) (*lake.Lake, int64) {
	t.Helper()
	dir := t.TempDir()
	if strings.HasSuffix(name, "_response-examples.ndjson") {
		name = "docs_http.ndjson"
	}
	if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
		t.Fatal(err)
	}
	files := map[access.StreamName][]string{}
	if !strings.HasSuffix(name, "_http.ndjson") {
		files[SignInsExport] = []string{name}
	}
	src := ingest.NewDir(dir, Streams(), ingest.DirOptions{Files: files, Route: Route, Exchange: Exchange})
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	reports, err := ingest.Pull(context.Background(), lk, "e", src, ingest.Options{AsOf: asOf, Clock: newClock().now})
	if err != nil {
		t.Fatal(err)
	}
	var served int64
	for _, r := range reports {
		if r.Err != nil && r.Stream != Users { // users are the one list that must be there
			t.Errorf("%s %s: %v", name, r.Stream, r.Err)
		}
		served += r.Served
	}
	return lk, served
}

// readManifests counts what the pull refused and returns the landed segments.
func (c *tally) readManifests(t *testing.T, lk *lake.Lake, stream access.StreamName) []string {
	t.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: "e", Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, m := range manifests {
		for _, s := range m.Segments {
			files = append(files, store.Quote(filepath.Join(lk.Dir, s.Path)))
		}
		if m.QuarantineFile == "" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(lk.Dir, m.QuarantineFile))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(b) {
			reason := lake.TextAt(line, "reason")
			if field := lake.TextAt(line, "field"); field != "" {
				reason = field + " " + reason
			}
			c.refuse(reason, 1)
		}
	}
	return files
}

// readModel runs the stream's landing model over what landed.
func (c *tally) readModel(t *testing.T, e endpoint, rows func(string) []string) {
	t.Helper()
	from := " from (" + model(t, "landing", "entra_"+string(e.Name)+".sql") + ")"
	key := "to_json(m)"
	if e.Time != "" {
		key = `(m."at"::date, m.event_id)`
	}
	good := rows("select count(distinct " + key + "), count(*)" + from + " as m where fault is null")
	if _, err := fmt.Sscanf(good[0], "%d|%d", &c.landed, &c.duplicate); err != nil {
		t.Fatal(err)
	}
	c.duplicate -= c.landed
	for _, row := range rows("select count(*), fault" + from + " where fault is not null group by fault") {
		var n int64
		count, reason, _ := strings.Cut(row, "|")
		if _, err := fmt.Sscan(count, &n); err != nil {
			t.Fatal(err)
		}
		c.refuse(reason, n)
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
