package ping

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	fake "winnow/internal/fake/ping"
	"winnow/internal/rest"
)

// dir holds the answers of a small environment.
const dir = "testdata/env"

var window = ingest.Window{Since: sourcetest.AsOf.Add(-retention), Until: sourcetest.AsOf}

// environment starts a fake environment on the folder and opens it.
func environment(t *testing.T, o fake.Options, r rest.Options) (*Source, *fake.Server) {
	t.Helper()
	o.EnvironmentID, o.ClientID, o.ClientSecret = "e1", "w1", "s1"
	f, err := fake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	s, err := New(Config{EnvironmentID: "e1", ClientID: "w1", ClientSecret: "s1", APIURL: srv.URL + "/v1", AuthURL: srv.URL, REST: r})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func TestWhatLandsIsTheFolder(t *testing.T) {
	for _, page := range []int{0, 1, 2} {
		s, _ := environment(t, fake.Options{MaxPage: page, MaxRange: 25 * time.Hour}, rest.Options{})
		sourcetest.LandsAsSaved(t, fmt.Sprintf("pages of %d", page), s, dir)
	}
	sourcetest.LandsAsSaved(t, "folder", Saved(dir, nil), dir)
}

func TestSamples(t *testing.T) {
	sourcetest.Samples(t, "ping", "../../../shared/data/logs/pingone/elastic-*.ndjson", func(dir, name string) ingest.Source {
		return Saved(dir, map[access.StreamName][]string{Activities: {name}})
	})
}

// A query spans a day at most, the first begins where activities are still
// served, and a later pull begins at the end of the last one less the overlap.
func TestActivitiesAreReadSliceBySlice(t *testing.T) {
	s, f := environment(t, fake.Options{MaxPage: 2, MaxRange: 25 * time.Hour}, rest.Options{})
	got, since, err := sourcetest.Lines(t, s, Activities, "", window)
	if err != nil || len(got) != 12 || !strings.Contains(string(since), "2026-08-31T23:00:00Z") {
		t.Fatalf("%d events, %s, %v", len(got), since, err)
	}
	if first := f.Asked()[1]; !strings.Contains(first, "2026-08-17T23%3A59%3A59.999Z%22%20AND") {
		t.Errorf("asked first for %s", first)
	}
	before := len(f.Asked())
	got, _, err = sourcetest.Lines(t, s, Activities, since, window)
	if err != nil || len(got) != 1 || len(f.Asked()) != before+1 {
		t.Errorf("%d events again after %v, %v", len(got), f.Asked()[before:], err)
	}
	if _, _, err := sourcetest.Lines(t, s, Activities, "{}", window); access.HintOf(err) == "" {
		t.Errorf("a foreign cursor: %v", err)
	}
}

// A pull that comes after more days than are served leaves a hole in the
// coverage.
func TestDaysThatAreNoLongerServedAreNotCovered(t *testing.T) {
	s, _ := environment(t, fake.Options{}, rest.Options{})
	lk, _ := sourcetest.Pull(t, s, 0)
	sourcetest.PullInto(t, lk, s, sourcetest.AsOf.AddDate(0, 0, 20), 0)
	days := map[access.Day]string{}
	manifests, err := lk.Manifests(streamID(Activities))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests {
		for _, c := range m.Coverage {
			days[c.Day] = c.Status
		}
	}
	for day, want := range map[access.Day]string{"2026-08-20": "complete", "2026-08-31": "complete", "2026-09-03": "", "2026-09-08": "complete"} {
		if days[day] != want {
			t.Errorf("%s is %q, want %q", day, days[day], want)
		}
	}
}

func TestAPullGoesOnWhereTheLastOneFailed(t *testing.T) {
	k := sourcetest.NewClock(sourcetest.AsOf)
	var down atomic.Bool
	down.Store(true)
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !down.Load() || !strings.Contains(r.URL.RawQuery, "2026-08-25T23") {
			return false
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	}}
	s, _ := environment(t, o, rest.Options{Now: k.Now, Sleep: k.Sleep, MaxAttempts: 2})
	got, since, err := sourcetest.Lines(t, s, Activities, "", window)
	if rest.StatusOf(err) != http.StatusBadGateway || len(got) != 8 {
		t.Fatalf("%d events, %v", len(got), err)
	}
	down.Store(false)
	if got, _, err = sourcetest.Lines(t, s, Activities, since, window); err != nil || len(got) != 4 {
		t.Errorf("%d events after %s, %v", len(got), since, err)
	}
}

func TestRateLimitsAreWaitedFor(t *testing.T) {
	k := sourcetest.NewClock(sourcetest.AsOf)
	var n atomic.Int64
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/users") || n.Add(1) > 2 {
			return false
		}
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}}
	s, _ := environment(t, o, rest.Options{Now: k.Now, Sleep: k.Sleep})
	got, _, err := sourcetest.Lines(t, s, Users, "", window)
	if err != nil || len(got) != 3 || k.Slept() < time.Minute {
		t.Errorf("%d users after %s, %v", len(got), k.Slept(), err)
	}
}

func answer(status int, body string) fake.Options {
	return fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/token") {
			return false
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
		return true
	}}
}

func TestAnswersThatAreNotBelieved(t *testing.T) {
	for body, want := range map[string]string{
		`{"_links":{"next":{"href":"https://evil.example/v1/x"}},"_embedded":{"users":[]}}`: "refuse a link to https://evil.example",
		`{"_embedded":{"people":[]}}`:       "no member _embedded.users",
		`{"message":"maintenance"}`:         "no member _embedded.users",
		`{"_embedded":{"users":[{"id":"u1"`: "read the answer",
	} {
		s, _ := environment(t, answer(200, body), rest.Options{})
		if _, _, err := sourcetest.Lines(t, s, Users, "", window); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
	s, _ := environment(t, answer(200, `{"size":0}`), rest.Options{})
	if got, _, err := sourcetest.Lines(t, s, Users, "", window); err != nil || len(got) != 0 {
		t.Errorf("an empty list: %v", err)
	}
	s, _ = environment(t, answer(403, `{"id":"r1","code":"ACCESS_FAILED","message":"no"}`), rest.Options{})
	_, _, err := sourcetest.Lines(t, s, Users, "", window)
	if rest.StatusOf(err) != 403 || !strings.Contains(access.HintOf(err), "roles") || !strings.Contains(err.Error(), "ACCESS_FAILED") {
		t.Errorf("a refusal: %v (%s)", err, access.HintOf(err))
	}
	var absent *ingest.Absent
	if _, _, err := sourcetest.Lines(t, s, Applications, "", window); !errors.As(err, &absent) || absent.Hint == "" {
		t.Errorf("a refusal of an optional stream: %v", err)
	}
}

func TestAddressesFollowTheRegion(t *testing.T) {
	s, err := New(Config{EnvironmentID: "e1", ClientID: "c", ClientSecret: "s", Region: "au"})
	if err != nil || s.client.Base() != "https://api.pingone.com.au/v1" {
		t.Errorf("%v", err)
	}
	for _, c := range []Config{{Region: "mars", EnvironmentID: "e"}, {Region: "eu"}, {Region: "eu", EnvironmentID: "../x"},
		{Region: "eu", EnvironmentID: "e1"}, {Region: "eu", EnvironmentID: "e1", ClientID: "c", ClientSecret: "s", APIURL: "http://example.com"}} {
		if _, err := New(c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Recorded exchanges land as the API's own items; what no stream reads is
// refused, never lost.
func TestExchanges(t *testing.T) {
	at := t.TempDir()
	write(t, filepath.Join(at, "x_http.ndjson"),
		`{"method":"GET","url":"https://api.pingone.eu/v1/environments/e1/users/u1/memberOfGroups?limit=2","status":200,"body":{"_embedded":{"groupMemberships":[{"id":"g1"}]}}}`,
		`{"method":"GET","url":"https://api.pingone.eu/v1/environments/e1/populations","status":200,"body":{}}`)
	_, reports := sourcetest.Pull(t, Saved(at, nil), 0)
	for _, r := range reports {
		if want := map[access.StreamName]int64{Activities: 1, GroupMemberships: 1}[r.Stream]; r.Served != want || r.Err != nil {
			t.Errorf("%+v", r)
		}
	}
}
