package faulty_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// A served set is what the platform holds of one stream: its items by id.
type served struct {
	items map[string]string
	day   map[string]access.Day
}

// saved reads the folder from which the platform answers.
func saved(t *testing.T, dir string, s ingest.Stream) served {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, string(s.Name)+".ndjson"))
	if os.IsNotExist(err) {
		return served{}
	}
	if err != nil {
		t.Fatal(err)
	}
	out := served{items: map[string]string{}, day: map[string]access.Day{}}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		id := idOf(line)
		out.items[id] = line
		if s.Kind == ingest.Events {
			at, err := lake.ParseTime(lake.TextAt([]byte(line), s.Time))
			if err != nil {
				t.Fatal(err)
			}
			out.day[id] = access.DayOf(at)
		}
	}
	return out
}

// idOf is what a record is known by.
func idOf(line string) string {
	at := func(path string) string { return lake.TextAt([]byte(line), path) }
	if id := at("uuid"); id != "" {
		return id
	}
	return at("parent_id") + at("item.id") + at("id")
}

// proof holds what landed of a stream against what was served: nothing is
// invented or altered, the books balance, and what is missing lies on days that
// the coverage does not call complete. An inventory that is believed is whole.
// It returns how many distinct records of the time before asOf landed, and on how many days the stream
// is complete.
func proof(t *testing.T, lk *lake.Lake, source access.SourceName, s ingest.Stream, want served, asOf time.Time) (landed, complete int) {
	t.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: source, Stream: s.Name})
	if err != nil {
		t.Fatal(err)
	}
	got, word := map[string]bool{}, map[access.Day]string{}
	believed := false
	for _, m := range manifests {
		if m.Served != m.Landed+m.Quarantined {
			t.Errorf("%s: %d served, %d landed, %d quarantined", s.Name, m.Served, m.Landed, m.Quarantined)
		}
		if !m.Events && m.Complete && m.Held == "" {
			got, believed = map[string]bool{}, true
		}
		for _, line := range lines(t, lk, m) {
			id := idOf(line)
			if want.items[id] != line {
				t.Errorf("%s: %q landed, and was served as %q", s.Name, line, want.items[id])
			}
			if m.Events || m.Complete && m.Held == "" {
				got[id] = true
			}
		}
		for _, c := range m.Coverage {
			word[c.Day] = c.Status
		}
	}
	for _, status := range word {
		if status == lake.Complete {
			complete++
		}
	}
	for id := range want.items {
		switch d := want.day[id]; {
		case got[id]:
		case d != "" && word[d] == lake.Complete && !d.Time().AddDate(0, 0, 1).After(asOf):
			t.Errorf("%s: %s is missing, and %s is called complete", s.Name, id, d)
		case d == "" && believed:
			t.Errorf("%s: %s is missing from an inventory that is believed", s.Name, id)
		}
	}
	for id := range got {
		if d := want.day[id]; d == "" || d.Time().Before(asOf) {
			landed++
		}
	}
	return landed, complete
}

// lines reads what a manifest seals, and verifies each segment first.
func lines(t *testing.T, lk *lake.Lake, m lake.Manifest) []string {
	t.Helper()
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	var out []string
	for _, s := range m.Segments {
		if err := lk.Verify(s); err != nil {
			t.Fatal(err)
		}
		packed, err := os.ReadFile(filepath.Join(lk.Dir, s.Path))
		if err != nil {
			t.Fatal(err)
		}
		text, err := dec.DecodeAll(packed, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := bytes.Count(text, []byte("\n"))
		if int64(n) != s.Rows {
			t.Errorf("%s: %d rows, %d sealed", s.Path, n, s.Rows)
		}
		out = append(out, strings.Split(strings.TrimSpace(string(text)), "\n")...)
	}
	return out
}
