package okta

import (
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
)

func TestTheLogIsReadOnFromItsRestingPoint(t *testing.T) {
	s, _ := org(t, fake.Options{MaxPage: 5}, Config{Overlap: time.Hour})
	all := saved(t, SystemLog)
	var first []string
	var rests access.Cursor
	for r, err := range s.Records(t.Context(), SystemLog, "", year) {
		if err != nil {
			t.Fatal(err)
		}
		first = append(first, string(r.Body))
		if r.Rest != "" {
			rests = r.Rest
			break // killed after the first page
		}
	}
	if len(first) != 5 {
		t.Fatalf("the first resting point is after %d events", len(first))
	}
	second, err := lines(t, s, SystemLog, rests)
	if err != nil {
		t.Fatal(err)
	}
	// The event at the resting point comes again and is known by its uuid.
	if got := slices.Concat(first[:4], second); !slices.Equal(got, all) {
		t.Errorf("resumed at %s: got %d events, want %d", rests, len(got), len(all))
	}
}

func TestRestingPointsKeepTheOverlap(t *testing.T) {
	s, _ := org(t, fake.Options{}, Config{Overlap: 48 * time.Hour})
	w := ingest.Window{Since: year.Since, Until: time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)}
	var rests access.Cursor
	for r, err := range s.Records(t.Context(), SystemLog, "", w) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Rest != "" {
			rests = r.Rest
		}
	}
	if want := access.Cursor(`{"v":1,"since":"2026-03-05T00:00:00Z"}`); rests != want {
		t.Errorf("got %s, want %s", rests, want)
	}
}

func TestTheWindowBoundsTheLog(t *testing.T) {
	s, _ := org(t, fake.Options{}, Config{})
	for name, w := range map[string]ingest.Window{
		"within":      {Since: day(2), Until: day(4)},
		"from cursor": {Since: day(1), Until: day(4)},
	} {
		var since access.Cursor
		if name == "from cursor" {
			since = cursor{Version: 1, Since: day(2)}.String()
		}
		n := 0
		for r, err := range s.Records(t.Context(), SystemLog, since, w) {
			if err != nil {
				t.Fatal(err)
			}
			if at := string(r.Body); !strings.Contains(at, `"published":"2026-03-02`) && !strings.Contains(at, `"published":"2026-03-03`) {
				t.Errorf("%s: %s", name, at)
			}
			n++
		}
		if n != 9 {
			t.Errorf("%s: %d events", name, n)
		}
	}
}

func TestAForeignCursorIsRefused(t *testing.T) {
	s, _ := org(t, fake.Options{}, Config{})
	for _, c := range []access.Cursor{"x", `{"file_sha256":["a"]}`, `{"v":2,"since":"2026-03-05T00:00:00Z"}`} {
		if _, err := lines(t, s, SystemLog, c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func day(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
