package lake_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// without drops what holds a word, and blots it out where it is only mentioned.
func without(word string) lake.Rewriter {
	return lake.Rewriter{
		Item: func(item []byte) []byte {
			if bytes.Contains(item, []byte(`"id":"`+word)) {
				return nil
			}
			return bytes.ReplaceAll(item, []byte(word), []byte("nobody"))
		},
		Refused: func(r lake.Refused) bool { return !bytes.Contains(r.Body, []byte(word)) },
	}
}

// everything returns what a stream holds, verified, and its manifests.
func everything(t *testing.T, lk *lake.Lake, id lake.StreamID) (items []string, manifests []lake.Manifest) {
	t.Helper()
	manifests, err := lk.Manifests(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests {
		for _, s := range m.Segments {
			n := int64(0)
			if err := lk.Lines(s, func(line []byte) error {
				items, n = append(items, string(line)), n+1
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if n != s.Rows {
				t.Errorf("%s holds %d rows, sealed are %d", s.Path, n, s.Rows)
			}
		}
	}
	return items, manifests
}

// What is rewritten is sealed as if it had never held what went, the counts
// balance, nothing of the old bytes stays, and what is not touched stays as it is.
func TestRewrite(t *testing.T) {
	id := lake.StreamID{Source: "okta", Stream: "system_log"}
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, lk, "p000001")
	add(t, b, "2026-10-01", `{"id":"anna","x":1}`, `{"id":"bert"}`, `{"id":"carl","by":"anna"}`)
	add(t, b, "2026-10-02", `{"id":"dora"}`)
	add(t, b, "2026-10-03", `{"id":"anna","x":2}`)
	for _, body := range []string{`{"id":"anna"`, `{"id":"emil"`} {
		if err := b.Quarantine(&access.Fault{Reason: "is not JSON", Body: []byte(body)}, time.Unix(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	first, err := b.Seal(func(m *lake.Manifest) { m.Complete = true })
	if err != nil {
		t.Fatal(err)
	}
	retry := begin(t, lk, "p000002")
	add(t, retry, "2026-10-04", `{"id":"anna"}`, `{"id":"emil"}`)
	if _, err := retry.Seal(func(m *lake.Manifest) {
		m.Served, m.Quarantined = 0, -2
		m.Retried = []lake.Retry{{File: first.QuarantineFile, Bodies: []string{lake.BodyDigest([]byte(`{"id":"anna"`)), lake.BodyDigest([]byte(`{"id":"emil"`))}}}
	}); err != nil {
		t.Fatal(err)
	}
	before, manifests := everything(t, lk, id)
	untouched := manifests[0].Segments[1]
	for n, dry := range []bool{true, false, false} {
		done, err := lk.Rewrite(id, without("anna"), dry)
		if err != nil {
			t.Fatal(err)
		}
		if n < 2 && (done.Dropped != 3 || done.Changed != 1 || done.Refused != 1 || len(done.Segments) != 3) ||
			n == 2 && (done.Dropped+done.Changed+done.Refused > 0 || len(done.Segments) > 0) {
			t.Errorf("round %d: %+v", n, done)
		}
		if after, _ := everything(t, lk, id); dry && !slices.Equal(after, before) {
			t.Fatalf("a dry rewriting left %q", after)
		}
	}
	after, manifests := everything(t, lk, id)
	if want := []string{`{"id":"bert"}`, `{"id":"carl","by":"nobody"}`, `{"id":"dora"}`, `{"id":"emil"}`}; !slices.Equal(after, want) {
		t.Errorf("%q, want %q", after, want)
	}
	if one, two := manifests[0], manifests[1]; one.Served != 4 || one.Landed != 3 || one.Quarantined != 1 || one.Forgotten != 3 ||
		one.Segments[1] != untouched || two.Served != 0 || two.Landed != 1 || two.Quarantined != -1 || two.Forgotten != 1 ||
		len(two.Retried[0].Bodies) != 1 || two.Retried[0].File != one.QuarantineFile {
		t.Errorf("%+v\n%+v", one, two)
	}
	nothingLeft(t, lk, "anna", 4) // in three segments and a quarantine file
}

// nothingLeft demands so many files beside the manifests, none of which holds a
// word as it stands.
func nothingLeft(t *testing.T, lk *lake.Lake, word string, want int) {
	t.Helper()
	var files []string
	if err := filepath.WalkDir(lk.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".json") {
			files = append(files, path)
			b, readErr := os.ReadFile(path)
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds what was forgotten", path)
			}
			err = readErr
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(files) != want {
		t.Errorf("left are %q", files)
	}
}

// The same items give the same sum, whether they were rewritten or landed so.
func TestRewrittenSegmentsCountAlike(t *testing.T) {
	sum := func(rewrite bool, items ...string) lake.Segment {
		lk, err := lake.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		b := begin(t, lk, "p000001")
		add(t, b, "2026-10-01", items...)
		if _, err := b.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
			t.Fatal(err)
		}
		if rewrite {
			if _, err := lk.Rewrite(lake.StreamID{Source: "okta", Stream: "system_log"}, without("anna"), false); err != nil {
				t.Fatal(err)
			}
		}
		ms, err := lk.Manifests(lake.StreamID{Source: "okta", Stream: "system_log"})
		if err != nil || len(ms) != 1 || len(ms[0].Segments) != 1 {
			t.Fatal(ms, err)
		}
		if err := lk.Verify(ms[0].Segments[0]); err != nil {
			t.Error(err)
		}
		return ms[0].Segments[0]
	}
	a, b := sum(true, `{"id":"bert"}`, `{"id":"anna"}`, `{"id":"carl"}`), sum(false, `{"id":"bert"}`, `{"id":"carl"}`)
	if a.Sum != b.Sum || a.Rows != b.Rows || a.Raw != b.Raw || a.Path == b.Path {
		t.Errorf("%+v, %+v", a, b)
	}
}
