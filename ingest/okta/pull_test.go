package okta

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// pull lands every stream of the source as of a time after all that was saved.
func pull(t *testing.T, lk *lake.Lake, s ingest.Source) []ingest.StreamReport {
	t.Helper()
	reports, err := ingest.Pull(t.Context(), lk, "okta", s, ingest.Options{AsOf: day(8), BatchRows: 4, Clock: func() time.Time { return day(8) }})
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// landed reads what the lake holds of a stream: all events, or the newest
// complete inventory.
func landed(t *testing.T, lk *lake.Lake, stream access.StreamName) []string {
	t.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: "okta", Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	var out []string
	for _, m := range manifests {
		if !m.Events && m.Complete {
			out = nil
		}
		for _, segment := range m.Segments {
			packed, err := os.ReadFile(filepath.Join(lk.Dir, segment.Path))
			if err != nil {
				t.Fatal(err)
			}
			text, err := dec.DecodeAll(packed, nil)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, strings.Split(strings.TrimSpace(string(text)), "\n")...)
		}
	}
	return out
}

// What lands is what the folder holds, from HTTP and from the folder alike.
func TestWhatLandsIsTheFolder(t *testing.T) {
	overHTTP, _ := org(t, fake.Options{MaxPage: 3}, Config{})
	for name, s := range map[string]ingest.Source{"http": overHTTP, "folder": Saved(orgDir, nil)} {
		lk, err := lake.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range pull(t, lk, s) {
			if r.Err != nil || r.Quarantined > 0 || r.Absent != nil != (r.Stream == SystemLogFlat) {
				t.Errorf("%s: %+v", name, r)
			}
			if r.Absent != nil {
				continue
			}
			got, want := landed(t, lk, r.Stream), saved(t, r.Stream)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s: %d lines landed, want %d", name, r.Stream, len(got), len(want))
			}
		}
	}
}

// An org that fails in mid-stream keeps what landed, and the next pull goes on
// from there: nothing is missing and nothing is read twice.
func TestAPullGoesOnWhereTheLastOneFailed(t *testing.T) {
	k := &clock{now: day(8)}
	var n atomic.Int64
	o := fake.Options{MaxPage: 4, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if n.Add(1) <= 3 {
			return false
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	}}
	s, _ := org(t, o, Config{Overlap: time.Minute, REST: rest.Options{Now: k.Now, Sleep: k.Sleep, MaxAttempts: 2}})
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if r := pull(t, lk, s)[0]; rest.StatusOf(r.Err) != http.StatusBadGateway || r.Landed != 12 {
		t.Errorf("the first pull: %+v", r)
	}
	n.Store(-1000)
	if r := pull(t, lk, s)[0]; r.Err != nil {
		t.Errorf("the second pull: %+v", r)
	}
	got, want := landed(t, lk, SystemLog), saved(t, SystemLog)
	slices.Sort(got)
	if again := len(got) - len(slices.Compact(slices.Clone(got))); again != 0 {
		t.Errorf("%d events landed twice", again)
	}
	if slices.Sort(want); !slices.Equal(slices.Compact(got), want) {
		t.Errorf("%d events landed of %d", len(got), len(want))
	}
}
