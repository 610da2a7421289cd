package faulty_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/ingest/okta"
	"winnow/internal/access"
	fakeentra "winnow/internal/fake/entra"
	"winnow/internal/fake/faulty"
	fakeokta "winnow/internal/fake/okta"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// full says that the whole acceptance runs, which takes minutes.
var full = os.Getenv("WINNOW_ACCEPTANCE") == "full"

// A clock moves when somebody sleeps.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	slept time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.slept = c.at.Add(d), c.slept+d
	return ctx.Err()
}

// A world is one company behind bad weather.
type world struct {
	dir, url  string
	clock     *clock
	weather   *faulty.Server
	platform  string // okta or entra
	elsewhere string
}

// newWorld starts the platform on a folder. Whoever is asked under elsewhere
// fails the test: the credential must not go there.
func newWorld(t *testing.T, dir, platform string, perMinute int) *world {
	t.Helper()
	w := &world{dir: filepath.Join(dir, platform), clock: &clock{at: first.AddDate(0, 0, days).Add(time.Hour)}, platform: platform}
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked for %s", r.URL)
	}))
	t.Cleanup(thief.Close)
	w.elsewhere = thief.URL
	var next http.Handler
	var err error
	if platform == "okta" {
		next, err = fakeokta.New(w.dir, fakeokta.Options{APIToken: "t", MaxPage: 12, PerMinute: perMinute, Now: w.clock.now})
	} else {
		next, err = fakeentra.New(w.dir, fakeentra.Options{AccessToken: "t", MaxPage: 12})
	}
	if err != nil {
		t.Fatal(err)
	}
	w.weather = faulty.New(next, faulty.Options{Now: w.clock.now})
	web := httptest.NewServer(w.weather)
	t.Cleanup(web.Close)
	w.url = web.URL
	return w
}

// set changes the weather.
func (w *world) set(o faulty.Options) {
	o.Now, o.Elsewhere = w.clock.now, w.elsewhere
	w.weather.Set(o)
}

// source is a fresh client, as every night has one.
func (w *world) source(t *testing.T) ingest.Source {
	t.Helper()
	src, err := source(w.platform, w.url, w.clock.now, w.clock.sleep)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func source(platform, url string, now func() time.Time, sleep func(context.Context, time.Duration) error) (ingest.Source, error) {
	if platform == "okta" {
		return okta.New(okta.Config{OrgURL: url, APIToken: "t", REST: rest.Options{Now: now, Sleep: sleep}})
	}
	return entra.New(entra.Options{GraphURL: url, AccessToken: "t", Retention: (days + 2) * 24 * time.Hour, Now: now, Sleep: sleep})
}

// pull is one night.
func (w *world) pull(t *testing.T, lk *lake.Lake, asOf time.Time) []ingest.StreamReport {
	t.Helper()
	reports, err := ingest.Pull(t.Context(), lk, access.SourceName(w.platform), w.source(t),
		ingest.Options{AsOf: asOf, BatchRows: 25, MaxDrop: 0.2, Clock: w.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// prove holds every stream of the lake against the platform's folder.
func (w *world) prove(t *testing.T, lk *lake.Lake, asOf time.Time) (landed, complete int) {
	t.Helper()
	for _, s := range w.source(t).Streams() {
		n, c := proof(t, lk, access.SourceName(w.platform), s, saved(t, w.dir, s), asOf)
		landed, complete = landed+n, complete+c
	}
	return landed, complete
}

func newLake(t *testing.T) *lake.Lake {
	t.Helper()
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	return lk
}

// TestWhatIsMissingIsDeclared pulls night after night through bad weather.
// After every night all that landed was served, and all that was served and is
// missing lies where the coverage makes no claim. A calm night then brings
// everything.
func TestWhatIsMissingIsDeclared(t *testing.T) {
	dir := tenant(t)
	for _, platform := range []string{"okta", "entra"} {
		for _, rate := range []float64{0.05, 0.2, 0.4} {
			t.Run(fmt.Sprintf("%s at %.0f %%", platform, 100*rate), func(t *testing.T) {
				var sum figures
				for seed := range seeds(rate) {
					w := newWorld(t, dir, platform, 0)
					sum.add(w.nights(t, uint64(seed)+1, rate))
					if t.Failed() {
						t.Fatalf("seed %d", seed+1)
					}
				}
				t.Log(sum)
			})
		}
	}
}

// seeds is how many schedules are tried at a rate.
func seeds(rate float64) int {
	switch {
	case full:
		return 50
	case testing.Short() || rate < 0.4:
		return 1
	}
	return 2
}

// figures are what the nights of one rate came to.
type figures struct {
	runs, streams, early, repeats int
	requests                      int
	waited                        time.Duration
	afterOne, due, whole          int // records after the first night, due by then, and in all
}

func (f *figures) add(g figures) {
	f.runs += g.runs
	f.streams, f.early, f.repeats, f.requests = f.streams+g.streams, f.early+g.early, f.repeats+g.repeats, f.requests+g.requests
	f.waited, f.afterOne, f.whole = f.waited+g.waited, f.afterOne+g.afterOne, f.whole+g.whole
	f.due += g.due
}

func (f figures) String() string {
	return fmt.Sprintf("%d runs of 3 nights, %d requests, %d repeated, %s waited a night; %d of %d streams ended early; %.1f %% of what was due landed in the first night, all of it after a calm one",
		f.runs, f.requests, f.repeats, (f.waited / time.Duration(3*f.runs)).Round(time.Second), f.early, f.streams, 100*float64(f.afterOne)/float64(f.due))
}

// nights runs three bad nights and a calm one.
func (w *world) nights(t *testing.T, seed uint64, rate float64) (f figures) {
	lk := newLake(t)
	f.runs = 1
	for night := range 3 {
		asOf := first.AddDate(0, 0, days-2+night)
		w.set(faulty.Options{Seed: seed*100 + uint64(night), Rate: rate, Tail: seed%3 == 0, Skew: time.Duration(seed%3) * time.Hour})
		slept := w.clock.slept
		var told time.Duration
		for _, r := range w.pull(t, lk, asOf) {
			f.streams, f.repeats, told = f.streams+1, f.repeats+int(r.Repeats), told+r.Waited
			if r.Err != nil {
				f.early++
			}
		}
		if spent := w.clock.slept - slept; spent != told {
			t.Errorf("night %d: slept %s, reported %s", night, spent, told)
		}
		f.waited += told
		n, _ := w.prove(t, lk, asOf)
		if night == 0 {
			f.afterOne, f.due = n, w.due(t, asOf)
		}
	}
	f.requests, _ = w.weather.Requests()
	f.whole = w.calm(t, lk)
	return f
}

// calm pulls two calm nights. After the first every record is there; a day for
// which events came late is read again in the second, and is complete then.
func (w *world) calm(t *testing.T, lk *lake.Lake) (landed int) {
	t.Helper()
	w.set(faulty.Options{})
	var complete int
	for night := range 2 {
		end := first.AddDate(0, 0, days+night)
		for _, r := range w.pull(t, lk, end) {
			if r.Err != nil {
				t.Errorf("a calm night: %s: %v", r.Stream, r.Err)
			}
		}
		landed, complete = w.prove(t, lk, end)
		w.everything(t, landed)
	}
	logs := 0
	for _, s := range w.source(t).Streams() {
		if s.Kind == ingest.Events && len(saved(t, w.dir, s).items) > 0 {
			logs++
		}
	}
	if complete < days*logs {
		t.Errorf("%d of %d days are complete", complete, days*logs)
	}
	return landed
}

// due counts the records that exist before an instant.
func (w *world) due(t *testing.T, asOf time.Time) (n int) {
	t.Helper()
	for _, s := range w.source(t).Streams() {
		set := saved(t, w.dir, s)
		for id := range set.items {
			if d := set.day[id]; d == "" || d.Time().Before(asOf) {
				n++
			}
		}
	}
	return n
}

// everything demands all records.
func (w *world) everything(t *testing.T, landed int) {
	t.Helper()
	want := 0
	for _, s := range w.source(t).Streams() {
		want += len(saved(t, w.dir, s).items)
	}
	if landed != want {
		t.Errorf("%d of %d records landed", landed, want)
	}
}
