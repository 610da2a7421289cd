// Package company gives the SDKs' tests one small company, the live fakes that
// serve it, and what our own clients read from them.
package company

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/acme"
	"winnow/internal/lake"
)

// People is the number of persons of the company, leavers included.
const People = 80

// AsOf is the end of the log, which began LogDays before.
var AsOf = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// LogDays is how many days the log spans; a few hundred events.
const LogDays = 5

// Window holds the whole log.
var Window = ingest.Window{Since: AsOf.AddDate(0, 0, -LogDays), Until: AsOf}

// Write saves the company's answers and returns the folder of one source, such
// as acme.Okta.
func Write(t testing.TB, source string) string {
	t.Helper()
	c, err := acme.Generate(acme.Options{People: People, AsOf: AsOf, LogDays: LogDays, HistoryDays: LogDays})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, source)
}

// Serve starts a server for the test.
func Serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return web
}

// Items reads a stream of one of our own sources to its end and returns its
// items by key, in the order in which they were served. key names an item by
// its container and its bytes; "" leaves it out.
func Items(t testing.TB, s ingest.Source, stream access.StreamName, key func(parent string, item []byte) string) []string {
	t.Helper()
	return within(t, s, stream, Window, key)
}

// within does so for another window of the log.
func within(t testing.TB, s ingest.Source, stream access.StreamName, w ingest.Window, key func(parent string, item []byte) string) []string {
	t.Helper()
	out := []string{}
	for r, err := range s.Records(context.Background(), stream, "", w) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		if errors.As(err, &again) || errors.As(err, &gone) {
			continue // they concern days, not items
		}
		if err != nil {
			t.Fatalf("our own client reads %s: %v", stream, err)
		}
		if k := key(r.Parent, r.Body); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// Same holds what an SDK, or the folder, has against what our own client found: the same
// items in the same order. A list that is empty proves nothing and fails.
func Same(t testing.TB, list string, other, own []string) {
	t.Helper()
	if len(own) == 0 {
		t.Errorf("%s: our own client found nothing", list)
	}
	if d := cmp.Diff(own, other); d != "" {
		t.Errorf("%s: not what our own client found (-own +other):\n%s", list, d)
	}
}

// Agree holds what an SDK reads after a write against what our own client
// reads, of which nothing may be left.
func Agree(t testing.TB, list string, other, own []string) {
	t.Helper()
	if d := cmp.Diff(slices.Sorted(slices.Values(own)), slices.Sorted(slices.Values(other))); d != "" {
		t.Errorf("%s: not what our own client reads (-own +other):\n%s", list, d)
	}
}

// Has checks that a list holds an id, or that it does not.
func Has(t testing.TB, list string, ids []string, id string, want bool) {
	t.Helper()
	if slices.Contains(ids, id) != want {
		t.Errorf("%s: that %s is among them is %t", list, id, !want)
	}
}

// SameSet does so where the platform promises no order.
func SameSet(t testing.TB, list string, other, own []string) {
	t.Helper()
	slices.Sort(other)
	slices.Sort(own)
	Same(t, list, other, own)
}

// keyed names an item by a field and, inside a container, by that before it. A
// folder yields such items in the frame in which they land.
func keyed(field string) func(parent string, item []byte) string {
	return func(parent string, item []byte) string {
		if parent == "" {
			if parent = lake.TextAt(item, "parent_id"); parent != "" {
				return parent + "/" + lake.TextAt(item, "item."+field)
			}
			return lake.TextAt(item, field)
		}
		return parent + "/" + lake.TextAt(item, field)
	}
}
