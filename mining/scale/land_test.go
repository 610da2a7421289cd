package scale

import (
	"os"
	"path/filepath"
	"testing"

	"winnow/internal/lake"
)

func tiny(t *testing.T) Size {
	t.Helper()
	s, err := Of(0.01)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestQuotasAddUpToTheEvents(t *testing.T) {
	for _, f := range []float64{0.01, 0.05, 1, 2} {
		s, err := Of(f)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for d := range s.Days {
			n += s.quota(d)
		}
		if n != s.Events {
			t.Errorf("factor %v: %d events in all, want %d", f, n, s.Events)
		}
		if next, working := s.quota(s.Days), s.quota(s.Days-1); next < working*9/10 || next > working*11/10 {
			t.Errorf("factor %v: the day after the log has %d events, the last one %d", f, next, working)
		}
	}
}

// A company is the same whenever it is made, so that figures of two days and of
// two machines speak of the same rows.
func TestACompanyIsMadeTheSameTwice(t *testing.T) {
	s := tiny(t)
	var sums [2]map[string]uint64
	for i := range sums {
		dir := t.TempDir()
		if made, err := Land(t.Context(), dir, s); err != nil || !made {
			t.Fatal(made, err)
		}
		if made, err := Land(t.Context(), dir, s); err != nil || made {
			t.Fatalf("made again: %v, %v", made, err)
		}
		sums[i] = sumUp(t, filepath.Join(dir, "lake"))
	}
	if len(sums[0]) != 11 {
		t.Errorf("%d streams landed, want 11", len(sums[0]))
	}
	for stream, sum := range sums[0] {
		if sums[1][stream] != sum {
			t.Errorf("%s differs", stream)
		}
	}
}

// sumUp verifies every segment and adds up what names its items.
func sumUp(t *testing.T, dir string) map[string]uint64 {
	t.Helper()
	lk, err := lake.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := lk.Streams()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]uint64{}
	for _, id := range ids {
		manifests, err := lk.Manifests(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range manifests {
			for _, s := range m.Segments {
				if err := lk.Verify(s); err != nil {
					t.Fatal(err)
				}
				out[string(id.Source)+"/"+string(id.Stream)] += s.Sum
			}
		}
	}
	return out
}

func TestALinkedLakeKeepsTheSegmentsOfItsOwn(t *testing.T) {
	s := tiny(t)
	dir := t.TempDir()
	if _, err := Land(t.Context(), dir, s); err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(dir, "lake")
	twin, err := Link(&lake.Lake{Dir: from}, filepath.Join(dir, "twin"))
	if err != nil {
		t.Fatal(err)
	}
	before := sumUp(t, from)
	if err := LandNight(twin, s, false); err != nil {
		t.Fatal(err)
	}
	if sumUp(t, twin.Dir)["okta/system_log"] == before["okta/system_log"] {
		t.Error("the night added nothing")
	}
	if sumUp(t, from)["okta/system_log"] != before["okta/system_log"] {
		t.Error("the night reached the lake that it was linked from")
	}
	if err := Bare(twin); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(twin.Dir, "landed")); err != nil {
		t.Error(err)
	}
}
