package faulty_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/fake/faulty"
)

// TestTheAllowanceIsKept pulls an org whose buckets hold few requests a minute,
// four streams of requests side by side: once the headers of a bucket were
// seen, the org never has to refuse. What that cost is in the report.
func TestTheAllowanceIsKept(t *testing.T) {
	dir := tenant(t)
	for _, skew := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour} {
		w := newWorld(t, dir, "okta", 5)
		w.set(faulty.Options{Skew: skew})
		asOf := first.AddDate(0, 0, days)
		lk := newLake(t)
		var waited time.Duration
		for _, r := range w.pull(t, lk, asOf) {
			if waited += r.Waited; r.Err != nil {
				t.Errorf("%s: %v", r.Stream, r.Err)
			}
		}
		all, over := w.weather.Requests()
		if over != 0 {
			t.Errorf("skew %s: the org refused %d of %d requests", skew, over, all)
		}
		if waited != w.clock.slept || waited < 2*time.Minute || waited > 20*time.Minute {
			t.Errorf("skew %s: reported %s, slept %s", skew, waited, w.clock.slept)
		}
		t.Logf("clock off by %s: %d requests, %d refused, %s waited", skew, all, over, waited.Round(time.Second))
		landed, _ := w.prove(t, lk, asOf)
		w.everything(t, landed)
	}
}

// TestFaultsThatMustHalt shows what no patience cures: the stream ends with an
// error that says what to do, and an inventory that was believed before stays.
func TestFaultsThatMustHalt(t *testing.T) {
	dir := tenant(t)
	asOf := first.AddDate(0, 0, days)
	for _, c := range []struct {
		name    string
		weather faulty.Options
		users   string // what became of the stream users
	}{
		{"a web page", faulty.Options{Rate: 1, Kinds: []faulty.Kind{faulty.WebPage}}, "failed"},
		{"a link to another host", faulty.Options{Rate: 1, Kinds: []faulty.Kind{faulty.LinkElsewhere}}, "failed"},
		{"a cursor that expired", faulty.Options{Rate: 1, Kinds: []faulty.Kind{faulty.CursorExpired}}, "failed"},
		{"a scope taken away", faulty.Options{Deny: []string{"/users"}}, "failed"},
		{"a token that is refused for good", faulty.Options{Rate: 1, Kinds: []faulty.Kind{faulty.TokenExpired}}, "failed"},
		{"no users, with status 200", faulty.Options{Empty: []string{"/users"}}, "held"},
	} {
		w := newWorld(t, dir, "okta", 0)
		lk := newLake(t)
		w.pull(t, lk, asOf)
		w.set(c.weather)
		for _, r := range w.pull(t, lk, asOf.Add(time.Hour)) {
			if r.Stream != "users" {
				continue
			}
			got := "done"
			if r.Err != nil {
				got = "failed"
			} else if r.Held != "" {
				got = "held"
			}
			if got != c.users {
				t.Errorf("%s: users %s, want %s: %v", c.name, got, c.users, r.Err)
			}
			if c.users == "failed" && c.name != "a cursor that expired" && access.HintOf(r.Err) == "" {
				t.Errorf("%s: no hint on %v", c.name, r.Err)
			}
		}
		w.prove(t, lk, asOf)
	}
}

// TestSpoilsAsDrawn shows that a seed is a schedule, and that every kind is
// one that happens.
func TestSpoilsAsDrawn(t *testing.T) {
	dir := tenant(t)
	counts := func() (out []int) {
		w := newWorld(t, dir, "okta", 0)
		w.set(faulty.Options{Seed: 7, Rate: 0.4})
		for range 4 {
			w.pull(t, newLake(t), first.AddDate(0, 0, days))
		}
		for _, k := range faulty.Kinds {
			out = append(out, w.weather.Count(k))
		}
		return out
	}
	for i, n := range counts() {
		if n == 0 {
			t.Errorf("%q never happened", faulty.Kinds[i])
		}
	}
	draw := func() (out []int) {
		s := faulty.New(http.NotFoundHandler(), faulty.Options{Seed: 3, Rate: 0.5, Kinds: []faulty.Kind{faulty.Internal}})
		for range 20 {
			rec := httptest.NewRecorder()
			s.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/x", nil))
			out = append(out, rec.Code)
		}
		return out
	}
	one, two := draw(), draw()
	bad := 0
	for i := range one {
		if one[i] != two[i] {
			t.Fatalf("the same seed, another schedule: %v and %v", one, two)
		}
		if one[i] == http.StatusInternalServerError {
			bad++
		}
	}
	if bad < 5 || bad > 15 {
		t.Errorf("%d of 20 answers were spoilt at a rate of one half", bad)
	}
}
