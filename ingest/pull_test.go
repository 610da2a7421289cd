package ingest_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// A scripted source serves what a test says.
type scripted struct {
	streams []ingest.Stream
	serve   func(stream access.StreamName, since access.Cursor, w ingest.Window) []served
}

type served struct {
	rec access.Record
	err error
}

func (s scripted) Streams() []ingest.Stream { return s.streams }

func (s scripted) Records(_ context.Context, stream access.StreamName, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		for _, x := range s.serve(stream, since, w) {
			if !yield(x.rec, x.err) {
				return
			}
		}
	}
}

var (
	events    = ingest.Stream{Name: "log", Kind: ingest.Events, Time: "at", Shape: lake.Shape{{Key: "id", Type: lake.Text, Required: true}}}
	more      = ingest.Stream{Name: "more", Kind: ingest.Events, Time: "at", Shape: events.Shape}
	inventory = ingest.Stream{Name: "users", Kind: ingest.Inventory, Shape: events.Shape}
)

func item(body string) served { return served{rec: access.Record{Body: []byte(body)}} }

func pull(t *testing.T, lk *lake.Lake, src ingest.Source, o ingest.Options) []ingest.StreamReport {
	t.Helper()
	if o.AsOf.IsZero() {
		o.AsOf = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	}
	reports, err := ingest.Pull(context.Background(), lk, "okta", src, o)
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

func newLake(t *testing.T) *lake.Lake {
	t.Helper()
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return lk
}

func manifests(t *testing.T, lk *lake.Lake, stream access.StreamName) []lake.Manifest {
	t.Helper()
	out, err := lk.Manifests(lake.StreamID{Source: "okta", Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// served = landed + quarantined, and each refusal names its place and reason.
func TestEveryServedItemLandsOrIsQuarantined(t *testing.T) {
	lk := newLake(t)
	src := scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served {
		return []served{
			item(`{"id":"a","at":"2026-10-01T10:00:00Z"}`), item(`{"id":"b","at":"0000-00-00"}`), item(`{"at":"2026-10-01"}`),
			{err: &access.Fault{Origin: access.Origin{Place: "log.ndjson", Line: 4}, Reason: "is not JSON", Body: []byte("{")}},
			item(`{"id":"c"}`), item(`{"id":"d","at":"2026-10-02T10:00:00+02:00"}`)}
	}}
	r := pull(t, lk, src, ingest.Options{})[0]
	if r.Served != 6 || r.Landed != 2 || r.Quarantined != 4 || r.Err != nil {
		t.Fatalf("%+v", r)
	}
	if msg := r.FirstFault.Error(); !strings.Contains(msg, "at") || !strings.Contains(msg, "0000-00-00") {
		t.Errorf("the first fault says %q", msg)
	}
	if m := manifests(t, lk, "log")[0]; m.Landed != 2 || m.Quarantined != 4 || len(m.Segments) != 2 {
		t.Errorf("manifest %+v", m)
	}
}

// A source that has checked an item is believed about its own stream, and about
// the item's bytes as they are.
func TestWhatTheSourceCheckedIsNotCheckedAgain(t *testing.T) {
	lk := newLake(t)
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	src := scripted{[]ingest.Stream{events, more}, func(stream access.StreamName, _ access.Cursor, _ ingest.Window) []served {
		if stream == "more" {
			return nil
		}
		body := []byte(`{"of another shape":1}`)
		return []served{{rec: access.Record{Body: body, At: at, Checked: true}},
			{rec: access.Record{Body: body, At: at, Checked: true, Stream: "more"}},
			{rec: access.Record{Body: body, At: at, Checked: true, Parent: "p"}}, {rec: access.Record{Body: body, At: at}}}
	}}
	if r := pull(t, lk, src, ingest.Options{})[0]; r.Served != 4 || r.Landed != 1 || r.Quarantined != 3 {
		t.Errorf("%+v", r)
	}
}

// A record that belongs to a sibling lands beside what the sibling itself
// serves, never over it.
func TestARedirectedRecordDoesNotReplaceItsSiblings(t *testing.T) {
	for _, order := range [][]ingest.Stream{{events, more}, {more, events}} {
		lk := newLake(t)
		src := scripted{order, func(stream access.StreamName, _ access.Cursor, _ ingest.Window) []served {
			x := item(`{"id":"` + string(stream) + `","at":"2026-10-01"}`)
			if stream == "log" {
				x.rec.Stream = "more"
			}
			return []served{x}
		}}
		pull(t, lk, src, ingest.Options{})
		var landed int64
		for _, m := range manifests(t, lk, "more") {
			landed += m.Landed
			for _, s := range m.Segments {
				if err := lk.Verify(s); err != nil {
					t.Error(err)
				}
			}
		}
		if landed != 2 {
			t.Errorf("%d records landed, want 2", landed)
		}
	}
}

// An inventory that breaks off or shrinks is not believed, and stays unbelieved
// until it recovers or a person accepts it.
func TestAnInventoryThatShrankIsHeld(t *testing.T) {
	lk := newLake(t)
	n, broken := 100, error(nil)
	src := scripted{[]ingest.Stream{inventory}, func(access.StreamName, access.Cursor, ingest.Window) (out []served) {
		for range n {
			out = append(out, item(`{"id":"x"}`))
		}
		if broken != nil {
			out = append(out, served{err: broken})
		}
		return out
	}}
	o := ingest.Options{MaxDrop: 0.2}
	for _, step := range []struct {
		n              int
		broken         error
		accept         bool
		held, believed bool
	}{
		{100, nil, false, false, true}, {0, nil, false, true, false}, {79, nil, false, true, false}, {80, nil, false, false, true},
		{90, errors.New("cut"), false, false, false}, {10, nil, true, false, true}, {10, nil, false, false, true},
	} {
		n, broken, o.Accept = step.n, step.broken, step.accept
		r := pull(t, lk, src, o)[0]
		all := manifests(t, lk, "users")
		m := all[len(all)-1]
		if (r.Held != "") != step.held || (m.Complete && m.Held == "") != step.believed {
			t.Errorf("%+v: held %q, manifest complete %v held %q", step, r.Held, m.Complete, m.Held)
		}
	}
}

// Only days that were read to their end are covered: from the first event, not
// from before; not when the pull broke off; not beyond the as-of time.
func TestCoverageClaimsOnlyWhatWasRead(t *testing.T) {
	at := func(d string) served { return item(`{"id":"` + d + `","at":"2026-10-0` + d + `T10:00:00Z"}`) }
	days := func(err error, asOf time.Time) string {
		lk := newLake(t)
		src := scripted{[]ingest.Stream{events}, func(access.StreamName, access.Cursor, ingest.Window) []served {
			out := []served{at("2"), at("3")}
			if err != nil {
				out = append(out, served{err: err})
			}
			return out
		}}
		pull(t, lk, src, ingest.Options{AsOf: asOf})
		var b strings.Builder
		for _, c := range manifests(t, lk, "log")[0].Coverage {
			b.WriteString(string(c.Day[8:]) + c.Status[:1] + " ")
		}
		return b.String()
	}
	if got := days(nil, time.Time{}); got != "02c 03c 04c " {
		t.Errorf("whole: %q", got)
	}
	if got := days(nil, time.Date(2026, 10, 4, 12, 0, 0, 0, time.UTC)); got != "02c 03c 04p " {
		t.Errorf("in mid-day: %q", got)
	}
	if got := days(errors.New("cut"), time.Time{}); got != "02p 03p 04p " {
		t.Errorf("broken off: %q", got)
	}
}

// A pull resumes at its resting point, and the days between are covered even
// when they are silent.
func TestAPullResumesAtItsRestingPoint(t *testing.T) {
	lk := newLake(t)
	var got []access.Cursor
	src := scripted{[]ingest.Stream{events}, func(_ access.StreamName, since access.Cursor, _ ingest.Window) []served {
		got = append(got, since)
		if since != "" {
			return nil
		}
		x := item(`{"id":"a","at":"2026-10-01T10:00:00Z"}`)
		x.rec.Rest = "here"
		return []served{x}
	}}
	pull(t, lk, src, ingest.Options{AsOf: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)})
	pull(t, lk, src, ingest.Options{AsOf: time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)})
	if len(got) != 2 || got[0] != "" || got[1] != "here" {
		t.Fatalf("cursors %q", got)
	}
	all := manifests(t, lk, "log")
	if c := all[len(all)-1].Coverage; len(c) != 2 || c[0].Day != "2026-10-02" || c[1].Day != "2026-10-03" {
		t.Errorf("coverage %+v", c)
	}
}
