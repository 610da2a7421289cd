package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// strict is the stream with a key that a later version no longer demands.
func strict(s ingest.Stream) ingest.Stream {
	s.Shape = append(lake.Shape{{Key: "level", Type: lake.Text, Required: true}}, s.Shape...)
	return s
}

// retry tries a stream again with the lenient shape.
func retry(t *testing.T, lk *lake.Lake, s ingest.Stream, o ingest.RetryOptions) ingest.RetryReport {
	t.Helper()
	out, err := ingest.Retry(context.Background(), lk, "okta", []ingest.Stream{s}, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		return ingest.RetryReport{}
	}
	return out[0]
}

// books sums a stream's ledger, and fails when it does not balance.
func books(t *testing.T, lk *lake.Lake, stream access.StreamName) (served, landed, quarantined int64) {
	t.Helper()
	for _, m := range manifests(t, lk, stream) {
		if m.Events || m.Complete {
			if !m.Events {
				served, landed, quarantined = 0, 0, 0 // the newest generation alone counts
			}
			served, landed, quarantined = served+m.Served, landed+m.Landed, quarantined+m.Quarantined
		}
	}
	if served != landed+quarantined {
		t.Errorf("%s: %d served, %d landed, %d quarantined", stream, served, landed, quarantined)
	}
	return served, landed, quarantined
}

// What was refused and fits now lands once, however often it is tried; what
// does not fit stays; and the cursor and the days do not move.
func TestRetryLandsWhatFits(t *testing.T) {
	lk := newLake(t)
	good := item(`{"id":"1","at":"2026-10-02T10:00:00Z","level":"a"}`)
	good.rec.Rest = "r"
	script := []served{good, item(`{"id":"2","at":"2026-10-02T11:00:00Z"}`), item(`{"id":"3","at":"2026-10-03T11:00:00Z"}`), item(`{"broken`),
		item(`{"id":"2","at":"2026-10-02T11:00:00Z"}`)}
	src := scripted{[]ingest.Stream{strict(events)}, func(access.StreamName, access.Cursor, ingest.Window) []served { return script }}
	pull(t, lk, src, ingest.Options{AsOf: october(5)})
	if s, l, q := books(t, lk, "log"); s != 5 || l != 1 || q != 4 {
		t.Fatalf("before: %d %d %d", s, l, q)
	}
	if got := retry(t, lk, strict(events), ingest.RetryOptions{}); got.Tried != 4 || got.Landed != 0 || len(manifests(t, lk, "log")) != 1 {
		t.Errorf("with the old shape: %+v", got)
	}
	if got := retry(t, lk, events, ingest.RetryOptions{Reason: "is not JSON"}); got.Tried != 1 || got.Landed != 0 || got.Left != 4 {
		t.Errorf("by reason: %+v", got)
	}
	for i, want := range []ingest.RetryReport{{Stream: "log", Tried: 4, Landed: 3, Left: 1}, {Stream: "log", Tried: 1, Left: 1}} {
		if got := retry(t, lk, events, ingest.RetryOptions{}); got != want {
			t.Errorf("retry %d: %+v, want %+v", i, got, want)
		}
	}
	if s, l, q := books(t, lk, "log"); s != 5 || l != 4 || q != 1 || len(manifests(t, lk, "log")) != 2 {
		t.Errorf("after: %d %d %d", s, l, q)
	}
	script = []served{{rec: at(4).rec}}
	pull(t, lk, src, ingest.Options{AsOf: october(5)})
	if all := manifests(t, lk, "log"); all[2].Pull != "p000003" || len(all[1].Coverage) != 0 {
		t.Errorf("the pull after: %s", all[2].Pull)
	}
	if got := words(t, lk); got != "" { // all days were complete before, and stay so
		t.Errorf("coverage of the pull after: %s", got)
	}
}

// An inventory whose items fit now becomes a generation of its own, with all
// that it held; what stays refused goes with it.
func TestRetryMakesAGeneration(t *testing.T) {
	lk := newLake(t)
	script := []served{item(`{"id":"1","level":"a"}`), item(`{"id":"2"}`), item(`{"nobody":1}`)}
	src := scripted{[]ingest.Stream{strict(inventory)}, func(access.StreamName, access.Cursor, ingest.Window) []served { return script }}
	pull(t, lk, src, ingest.Options{})
	if got := retry(t, lk, inventory, ingest.RetryOptions{}); got.Landed != 1 || got.Left != 1 {
		t.Fatalf("%+v", got)
	}
	all := manifests(t, lk, "users")
	newest := all[len(all)-1]
	if s, l, q := books(t, lk, "users"); s != 3 || l != 2 || q != 1 || !newest.Complete || !newest.At.Equal(all[0].At) {
		t.Errorf("%d %d %d, %+v", s, l, q, newest)
	}
	if got := retry(t, lk, inventory, ingest.RetryOptions{}); got.Tried != 1 || got.Landed != 0 || len(manifests(t, lk, "users")) != 2 {
		t.Errorf("again: %+v", got)
	}
	script = script[:1] // a third of what is believed now
	if reports := pull(t, lk, src, ingest.Options{MaxDrop: 0.2}); reports[0].Held == "" {
		t.Error("an inventory that shrank was believed")
	}
}

// A retry that was killed before its manifest got its name has done nothing.
func TestRetryThatWasKilledHasDoneNothing(t *testing.T) {
	lk := newLake(t)
	src := scripted{[]ingest.Stream{strict(events)}, func(access.StreamName, access.Cursor, ingest.Window) []served {
		return []served{item(`{"id":"2","at":"2026-10-02T11:00:00Z"}`)}
	}}
	pull(t, lk, src, ingest.Options{AsOf: october(5)})
	retry(t, lk, events, ingest.RetryOptions{})
	seal := filepath.Join(lk.Dir, "landed/okta/log/manifest/p000002-00000.json")
	if err := os.Rename(seal, seal+".tmp"); err != nil { // the instant before the rename
		t.Fatal(err)
	}
	if _, l, q := books(t, lk, "log"); l != 0 || q != 1 {
		t.Errorf("killed: %d landed, %d quarantined", l, q)
	}
	if got := retry(t, lk, events, ingest.RetryOptions{}); got.Landed != 1 {
		t.Errorf("the next retry: %+v", got)
	}
	if _, l, q := books(t, lk, "log"); l != 1 || q != 0 {
		t.Errorf("in the end: %d landed, %d quarantined", l, q)
	}
}
