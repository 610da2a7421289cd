package lake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

func begin(t *testing.T, lk *lake.Lake, pull string) *lake.Batch {
	t.Helper()
	b, err := lk.Begin(lake.Manifest{Source: "okta", Stream: "system_log", Pull: pull, Events: true})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func add(t *testing.T, b *lake.Batch, day access.Day, items ...string) {
	t.Helper()
	for _, item := range items {
		if err := b.Append(day, []byte(item), ""); err != nil {
			t.Fatal(err)
		}
	}
}

func TestABatchExistsOnlyOnceItsManifestIsSealed(t *testing.T) {
	id := lake.StreamID{Source: "okta", Stream: "system_log"}
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sealed := begin(t, lk, "p000001")
	add(t, sealed, "2026-10-01", `{"uuid":"a"}`, "{\n\"uuid\":\"b\"}")
	add(t, sealed, "2026-10-02", `{"uuid":"c"}`)
	if err := sealed.Quarantine(&access.Fault{Reason: "is not JSON", Body: []byte{0xff}}, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	m, err := sealed.Seal(func(m *lake.Manifest) { m.Complete = true })
	if err != nil {
		t.Fatal(err)
	}
	if m.Served != 4 || m.Landed != 3 || m.Quarantined != 1 || len(m.Segments) != 2 {
		t.Fatalf("manifest %+v", m)
	}
	interrupted := begin(t, lk, "p000002")
	add(t, interrupted, "2026-10-03", strings.Repeat(`{"uuid":"d"}`, 1))
	forgotten := filepath.Join(lk.Dir, "landed/okta/system_log/day=2026-10-03/p000002-00000.ndjson.zst")
	if err := os.MkdirAll(filepath.Dir(forgotten), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(forgotten, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := lk.Sweep(id); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(forgotten); !os.IsNotExist(err) {
		t.Fatal("the rest of an interrupted run was not swept")
	}
	for _, s := range m.Segments {
		if err := lk.Verify(s); err != nil {
			t.Fatal(err)
		}
	}
	manifests, err := lk.Manifests(id)
	if err != nil || len(manifests) != 1 {
		t.Fatalf("%d manifests, %v", len(manifests), err)
	}
}

func TestVerifyFindsASegmentThatWasCutOrAltered(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, lk, "p000001")
	add(t, b, "2026-10-01", `{"uuid":"a"}`, `{"uuid":"b"}`)
	m, err := b.Seal(func(*lake.Manifest) {})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(lk.Dir, m.Segments[0].Path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	altered := append([]byte(nil), whole...)
	altered[len(altered)/2] ^= 1
	for name, content := range map[string][]byte{"cut": whole[:len(whole)-3], "altered": altered} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := lk.Verify(m.Segments[0]); err == nil || access.HintOf(err) == "" {
			t.Errorf("%s: got %v, want an error with a hint", name, err)
		}
	}
}

// The sums of segments name the items, whatever the order in which they came
// and the batches into which a kill divided them.
func TestSumsNameTheItems(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sum := func(batches ...[]string) (sum uint64) {
		for i, items := range batches {
			b := begin(t, lk, "p00000"+string(rune('1'+i)))
			add(t, b, "2026-10-01", items...)
			m, err := b.Seal(func(*lake.Manifest) {})
			if err != nil {
				t.Fatal(err)
			}
			sum += m.Segments[0].Sum
		}
		return sum
	}
	want := sum([]string{`{"uuid":"a"}`, `{"uuid":"b"}`, `{"uuid":"c"}`})
	if got := sum([]string{`{"uuid":"c"}`}, []string{`{"uuid":"b"}`, `{"uuid":"a"}`}); got != want {
		t.Errorf("%x in another order and in two batches, %x at once", got, want)
	}
	if got := sum([]string{`{"uuid":"a"}`, `{"uuid":"b"}`, `{"uuid":"d"}`}); got == want {
		t.Error("other items have the same sum")
	}
}

func TestNamesCannotLeaveTheLake(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"..", "a/b", "", "A", "a b"} {
		if _, err := lk.Begin(lake.Manifest{Source: access.SourceName(name), Stream: "users"}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
}

func TestFilesAreReadableByTheirOwnerOnly(t *testing.T) {
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	b := begin(t, lk, "p000001")
	add(t, b, "2026-10-01", `{"uuid":"a"}`)
	if _, err := b.Seal(func(*lake.Manifest) {}); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(lk.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTextAtAndParseTime(t *testing.T) {
	item := []byte(`{"a":{"b":"2026-03-29T01:30:00.123+02:00","c":1},"n":7}`)
	if got := lake.TextAt(item, "a.b"); got != "2026-03-29T01:30:00.123+02:00" {
		t.Fatal(got)
	}
	if got := lake.TextAt(item, "n"); got != "7" {
		t.Fatal(got)
	}
	if got := lake.TextAt(item, "a") + lake.TextAt(item, "x") + lake.TextAt(item, "a.x"); got != "" {
		t.Fatal(got)
	}
	at, err := lake.ParseTime("2026-03-29T01:30:00.123+02:00")
	if err != nil || access.DayOf(at) != "2026-03-28" {
		t.Fatal(at, err)
	}
	for _, bad := range []string{"0000-00-00", "yesterday", "", "0001-01-01T00:00:00Z", "2026-02-30"} {
		if _, err := lake.ParseTime(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
