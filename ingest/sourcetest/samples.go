package sourcetest

import (
	"bytes"
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
	"winnow/internal/lake"
	"winnow/internal/store"
)

var update = flag.Bool("update", false, "write the table of samples anew")

const sampleHead = "file\tlines\tstream\tlanded\tduplicate\tquarantined\treasons\n"

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

// Samples lands every sample that matches pattern, runs the landing models over
// what landed and compares the counts with testdata/samples/<type>.tsv: what was
// served is in the table to the last item, landed, known for a duplicate, or
// refused with a reason. open returns the source over a folder that holds the
// file alone, under its own name.
func Samples(t *testing.T, typ, pattern string, open func(dir, name string) ingest.Source) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Skipf("no samples match %s", pattern)
	}
	table := filepath.Join("../../testdata/samples", typ+".tsv")
	var got strings.Builder
	got.WriteString(sampleHead)
	for _, name := range names {
		got.WriteString(sample(t, typ, name, open))
	}
	if *update {
		if err := os.WriteFile(table, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); d != "" {
		t.Errorf("samples (-table +counted):\n%s", d)
	}
}

// sample lands one file and writes its rows of the table.
func sample(t *testing.T, typ, name string, open func(dir, name string) ingest.Source) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir, base := t.TempDir(), filepath.Base(name)
	if err := os.WriteFile(filepath.Join(dir, base), body, 0o600); err != nil { //nolint:gosec // both names are a test's own
		t.Fatal(err)
	}
	src := open(dir, base)
	lk, reports := Pull(t, src, 0)
	served := 0
	for _, r := range reports {
		if r.Err != nil {
			t.Errorf("%s %s: %v", base, r.Stream, r.Err)
		}
		served += int(r.Served)
	}
	d := Open(t, typ)
	var out strings.Builder
	counted, lines := 0, len(bytes.Split(bytes.TrimSpace(body), []byte("\n")))
	for _, s := range src.Streams() {
		n := d.count(lk, s)
		if all := n.landed + n.duplicate + n.quarantined; all > 0 {
			counted += all
			fmt.Fprintf(&out, "%s\t%d\t%s\t%d\t%d\t%d\t%s\n", base, lines, s.Name, n.landed, n.duplicate, n.quarantined, n.why())
		}
	}
	if counted != served {
		t.Errorf("%s: %d items were served, %d are accounted for", base, served, counted)
	}
	return out.String()
}

// count reads a stream's manifests and quarantine, and runs its landing model.
func (d *DB) count(lk *lake.Lake, s ingest.Stream) tally {
	d.Helper()
	n := tally{reasons: map[string]int{}}
	manifests, err := lk.Manifests(lake.StreamID{Source: "s", Stream: s.Name})
	if err != nil {
		d.Fatal(err)
	}
	var files []string
	for _, m := range manifests {
		for _, segment := range m.Segments {
			files = append(files, store.Quote(filepath.Join(lk.Dir, segment.Path)))
		}
		if m.QuarantineFile == "" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(lk.Dir, m.QuarantineFile))
		if err != nil {
			d.Fatal(err)
		}
		for line := range bytes.Lines(b) {
			n.refuse(strings.TrimSpace(lake.TextAt(line, "field")+" "+lake.TextAt(line, "reason")), 1)
		}
	}
	if len(files) > 0 {
		d.run("set variable files = [" + strings.Join(files, ", ") + "]")
		d.read(&n, s)
	}
	return n
}

// read counts what the landing model reads: events once for each id and day.
func (d *DB) read(n *tally, s ingest.Stream) {
	d.Helper()
	from, key, all := " from ("+d.landing(s.Name)+") as m ", "to_json(m)", 0
	if s.Kind == ingest.Events {
		key = `(m."at"::date, m.event_id)`
	}
	if _, err := fmt.Sscanf(d.Rows("select count(distinct "+key+"), count(*)"+from+"where fault is null"), "%d|%d", &n.landed, &all); err != nil {
		d.Fatal(err)
	}
	n.duplicate = all - n.landed
	for row := range strings.Lines(d.Rows("select count(*), fault" + from + "where fault is not null group by fault")) {
		count, reason, _ := strings.Cut(strings.TrimSpace(row), "|")
		var faults int
		if _, err := fmt.Sscan(count, &faults); err != nil {
			d.Fatal(err)
		}
		n.refuse(reason, faults)
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
