package sourcetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// AsOf is the instant of every pull of the tests, after all that they saved.
var AsOf = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// A Clock is a time that passes only while somebody sleeps.
type Clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

// NewClock returns a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep lets d pass at once.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), c.slept+d
	return ctx.Err()
}

// Slept returns how long anybody has slept.
func (c *Clock) Slept() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slept
}

// Saved reads the lines of a stream's file in a folder.
func Saved(t *testing.T, dir string, stream access.StreamName) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, string(stream)+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// Lines reads a stream as it would land, up to its first error.
func Lines(t *testing.T, s ingest.Source, stream access.StreamName, since access.Cursor, w ingest.Window) (out []string, rest access.Cursor, err error) {
	t.Helper()
	for r, err := range s.Records(t.Context(), stream, since, w) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		if errors.As(err, &again) || errors.As(err, &gone) {
			continue // they end nothing
		}
		if err != nil {
			return out, rest, err
		}
		body := r.Body
		if r.Parent != "" {
			if body, err = lake.Frame(r.Parent, body); err != nil {
				t.Fatal(err)
			}
		}
		if r.Origin.Place == "" || r.Origin.Line == 0 {
			t.Errorf("%s: no origin: %+v", stream, r.Origin)
		}
		if r.Rest != "" {
			rest = r.Rest
		}
		out = append(out, string(body))
	}
	return out, rest, nil
}

// Pull lands every stream of the source, as the source "s", in a new lake.
func Pull(t *testing.T, s ingest.Source, batch int64) (*lake.Lake, []ingest.StreamReport) {
	t.Helper()
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return lk, PullInto(t, lk, s, AsOf, batch)
}

// PullInto lands every stream of the source as of an instant.
func PullInto(t *testing.T, lk *lake.Lake, s ingest.Source, asOf time.Time, batch int64) []ingest.StreamReport {
	t.Helper()
	reports, err := ingest.Pull(t.Context(), lk, "s", s, ingest.Options{AsOf: asOf, BatchRows: batch, Clock: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// Landed reads what the lake holds of a stream, sorted: all events, or the
// newest complete inventory.
func Landed(t *testing.T, lk *lake.Lake, stream access.StreamName) []string {
	t.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: "s", Stream: stream})
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
	slices.Sort(out)
	return out
}

// LandsAsSaved pulls the source and demands that every stream lands as the
// folder holds it, to the byte, in any order.
func LandsAsSaved(t *testing.T, name string, s ingest.Source, dir string) {
	t.Helper()
	lk, reports := Pull(t, s, 0)
	for _, r := range reports {
		if r.Err != nil || r.Quarantined > 0 || r.Absent != nil {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		want := Saved(t, dir, r.Stream)
		slices.Sort(want)
		if got := Landed(t, lk, r.Stream); !slices.Equal(got, want) {
			t.Errorf("%s: %s: landed\n%s\nwant\n%s", name, r.Stream, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
