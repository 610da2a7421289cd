package okta

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// logged reads the log as a pull does: its events, the last resting point, and
// what it says of days.
func logged(t *testing.T, s *Source, since access.Cursor, w ingest.Window) (ids []string, rests access.Cursor, said string) {
	t.Helper()
	for r, err := range s.Records(t.Context(), SystemLog, since, w) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		switch {
		case errors.As(err, &again):
			said += fmt.Sprintf("%s to %s: %s; ", again.First[8:], again.Last[8:], again.Reason)
		case errors.As(err, &gone):
			said += "forgotten before " + string(gone.Before) + "; "
		case err != nil:
			t.Fatal(err)
		}
		if err != nil {
			continue
		}
		ids = append(ids, lake.TextAt(r.Body, "uuid"))
		if r.Rest != "" {
			rests = r.Rest
		}
	}
	return ids, rests, said
}

// uuids lists the saved events.
func uuids(t *testing.T) (ids []string) {
	for _, line := range saved(t, SystemLog) {
		ids = append(ids, lake.TextAt([]byte(line), "uuid"))
	}
	return ids
}

// stored is an event that the org stores now.
func stored(id string, at time.Time) []byte {
	return fmt.Appendf(nil, `{"uuid":%q,"published":%q,"eventType":"user.session.start"}`, id, at.Format(stamp))
}

// The log is polled: a pull goes on behind the last page, in the order in which
// events were stored, and finds those that came late.
func TestTheLogIsPolledOn(t *testing.T) {
	s, f := org(t, fake.Options{MaxPage: 5}, Config{})
	ids, rests, said := logged(t, s, "", year)
	if !slices.Equal(ids, uuids(t)) || said != "" {
		t.Errorf("%d events, %s", len(ids), said)
	}
	if ids, again, _ := logged(t, s, rests, year); len(ids) > 0 || again != "" {
		t.Errorf("the tail serves %v", ids)
	}
	for _, e := range [][]byte{stored("new", day(7)), stored("late", day(3).Add(time.Hour))} {
		if err := f.Store(e); err != nil {
			t.Fatal(err)
		}
	}
	w := year
	w.Open = "2026-03-06"
	ids, rests, said = logged(t, s, rests, w)
	if len(ids) < 3 || !slices.Equal(ids[:2], []string{"new", "late"}) || slices.Index(ids[2:], "late") < 0 || said != "03 to 03: read again after late events; " {
		t.Errorf("%v, %s", ids, said)
	}
	if c, err := parseCursor(rests); err != nil || c.Next == "" || strings.Contains(c.Next, "://") {
		t.Errorf("the resting point is %s: %v", rests, err)
	}
	w.Again = []access.Day{"2026-03-02"}
	if ids, _, said = logged(t, s, rests, w); len(ids) != 5 || said != "02 to 02: read again after late events; " {
		t.Errorf("%v, %s", ids, said)
	}
}

// A pull that was killed goes on behind the last page that it finished.
func TestTheLogIsReadOnFromItsRestingPoint(t *testing.T) {
	s, _ := org(t, fake.Options{MaxPage: 5}, Config{})
	var first []string
	var rests access.Cursor
	for r, err := range s.Records(t.Context(), SystemLog, "", year) {
		if err != nil {
			t.Fatal(err)
		}
		first = append(first, lake.TextAt(r.Body, "uuid"))
		if rests = r.Rest; rests != "" {
			break // killed after the first page
		}
	}
	second, _, _ := logged(t, s, rests, year)
	if got := slices.Concat(first, second); len(first) != 5 || !slices.Equal(got, uuids(t)) {
		t.Errorf("%d, then %d events", len(first), len(second))
	}
}

// A cursor that the platform no longer knows is given up for a query by time,
// from the start of the last day that it vouches for; then polling goes on.
func TestAStaleCursorIsReadAgainByTime(t *testing.T) {
	s, f := org(t, fake.Options{MaxPage: 5}, Config{Overlap: time.Hour})
	_, rests, _ := logged(t, s, "", year)
	f.ForgetCursors()
	if err := f.Store(stored("new", day(7))); err != nil {
		t.Fatal(err)
	}
	w := ingest.Window{Since: year.Since, Until: day(8)}
	ids, fresh, said := logged(t, s, rests, w)
	if want := []string{"021", "022", "023", "new"}; len(ids) != 4 || !strings.HasSuffix(ids[0], want[0]) || ids[3] != "new" {
		t.Errorf("read again %v, want %v", ids, want)
	}
	if said != "06 to 07: the cursor was refused (E0000029): read again by time; " {
		t.Error(said)
	}
	if ids, _, said := logged(t, s, fresh, w); len(ids) > 1 || said != "" {
		t.Errorf("the fresh cursor serves %v, %s", ids, said)
	}
	// Nothing since: the resting point of the reading by time is polled on.
	if err := f.Store(stored("newer", day(9))); err != nil {
		t.Fatal(err)
	}
	if ids, _, _ := logged(t, s, fresh, ingest.Window{Since: year.Since, Until: day(10)}); len(ids) == 0 || ids[len(ids)-1] != "newer" {
		t.Errorf("then %v", ids)
	}
}

// A query that is too slow is asked for less time, down to a minute.
func TestASlowQueryIsNarrowed(t *testing.T) {
	s, f := org(t, fake.Options{MaxPage: 5, Slow: 36 * time.Hour}, Config{Overlap: time.Hour})
	w := ingest.Window{Since: day(1), Until: day(6).Add(4 * time.Hour)}
	ids, _, said := logged(t, s, "", w)
	want := uuids(t)
	slices.Sort(ids)
	slices.Sort(want)
	if ids = slices.Compact(ids); !slices.Equal(ids, want) || !strings.HasPrefix(said, "01 to 06: the polling query took too long (E0000009)") {
		t.Errorf("%d events of %d, %s", len(ids), len(want), said)
	}
	if n := f.Asked("/api/v1/logs"); n > 40 {
		t.Errorf("%d requests", n)
	}
	s, _ = org(t, fake.Options{Slow: time.Nanosecond}, Config{})
	if _, err := lines(t, s, SystemLog, ""); err == nil || codeOf(err) != codeTimeout || access.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
}

// A log that is asked for further back than the platform answers begins where
// its memory does, and the days before are told to be gone.
func TestForgottenDaysAreTold(t *testing.T) {
	k := &clock{now: day(31)}
	s, _ := org(t, fake.Options{Now: k.Now}, Config{REST: rest.Options{Now: k.Now, Sleep: k.Sleep}})
	old := cursor{Since: day(1).AddDate(0, -8, 0)}.String()
	ids, _, said := logged(t, s, old, ingest.Window{Since: day(1).AddDate(-1, 0, 0), Until: day(31)})
	if len(ids) != 23 || said != "forgotten before 2025-12-31; " {
		t.Errorf("%d events, %s", len(ids), said)
	}
}

// A log that grows while it is read is left at what is younger than the pull.
func TestAGrowingLogIsLeft(t *testing.T) {
	k := &clock{now: day(8)}
	n := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		w.Header().Set("Link", fmt.Sprintf(`<http://%s/api/v1/logs?after=%d>; rel="next"`, r.Host, n))
		fmt.Fprintf(w, "[%s]", stored("x", day(6).Add(time.Duration(n)*24*time.Hour)))
	}))
	defer web.Close()
	s, err := New(Config{OrgURL: web.URL, APIToken: "t", REST: rest.Options{Now: k.Now, Sleep: k.Sleep}})
	if err != nil {
		t.Fatal(err)
	}
	if ids, _, _ := logged(t, s, "", ingest.Window{Since: day(1), Until: day(8)}); len(ids) != 3 {
		t.Errorf("%d events", len(ids))
	}
}

func TestAForeignCursorIsRefused(t *testing.T) {
	s, _ := org(t, fake.Options{}, Config{})
	for _, c := range []access.Cursor{"x", `{"file_sha256":["a"]}`, `{"v":3,"since":"2026-03-05T00:00:00Z"}`} {
		if _, err := lines(t, s, SystemLog, c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func day(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
