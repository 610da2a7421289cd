package auth0

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	fake "winnow/internal/fake/auth0"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// dir holds the answers of a small tenant.
const dir = "testdata/tenant"

var window = ingest.Window{Until: sourcetest.AsOf}

// tenant starts a fake tenant on a folder and opens it.
func tenant(t *testing.T, dir string, o fake.Options, r rest.Options) (*Source, *fake.Server) {
	t.Helper()
	o.ClientID, o.ClientSecret = "m2m", "s1"
	f, err := fake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	s, err := New(Config{TenantURL: srv.URL, ClientID: "m2m", ClientSecret: "s1", REST: r})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func write(t *testing.T, dir, name string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhatLandsIsTheFolder(t *testing.T) {
	for _, take := range []int{0, 1, 3} {
		s, _ := tenant(t, dir, fake.Options{MaxTake: take}, rest.Options{})
		sourcetest.LandsAsSaved(t, fmt.Sprintf("take %d", take), s, dir)
	}
	sourcetest.LandsAsSaved(t, "folder", Saved(dir, nil), dir)
}

func TestSamples(t *testing.T) {
	sourcetest.Samples(t, "auth0", "../../../shared/data/logs/auth0/*.ndjson", func(dir, name string) ingest.Source {
		if strings.HasSuffix(name, "_http.ndjson") {
			return Saved(dir, nil)
		}
		return Saved(dir, map[access.StreamName][]string{Logs: {name}})
	})
}

// The tail of the log repeats its own link with an empty answer: the pull ends
// there, and a later one reads on from the last event before the overlap.
func TestTheLogIsReadByCheckpoint(t *testing.T) {
	s, f := tenant(t, dir, fake.Options{MaxTake: 5}, rest.Options{})
	got, since, err := sourcetest.Lines(t, s, Logs, "", window)
	if err != nil || len(got) != 20 || !strings.Contains(string(since), "900202608310020") {
		t.Fatalf("%d events, %s, %v", len(got), since, err)
	}
	asked := f.Asked()[2:] // a token, and the oldest event
	if len(asked) != 5 || asked[0] != "/api/v2/logs?from=&take=100" || !strings.Contains(asked[1], "from=900202608300005") {
		t.Errorf("asked for %v", asked)
	}
	if got, _, err = sourcetest.Lines(t, s, Logs, since, window); err != nil || len(got) != 0 {
		t.Errorf("%d events after the last, %v", len(got), err)
	}
	if _, _, err := sourcetest.Lines(t, s, Logs, "900", window); access.HintOf(err) == "" {
		t.Errorf("a foreign cursor: %v", err)
	}
}

// How far back the log reaches is told by its oldest event: neither the day on
// which it begins nor the days that were forgotten between two pulls are covered.
func TestDaysThatTheLogForgotAreNotCovered(t *testing.T) {
	event := func(day, n int) string {
		return fmt.Sprintf(`{"log_id":"%04d","date":"2026-08-%02dT09:00:00.000Z","type":"s"}`, n, day)
	}
	at := t.TempDir()
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, pull := range []struct {
		asOf int
		held []string
	}{
		{5, []string{event(2, 1), event(3, 2), event(4, 3)}},
		{7, []string{event(3, 2), event(4, 3), event(6, 4)}},      // what it forgot was read before
		{20, []string{event(17, 8), event(18, 9), event(19, 10)}}, // it forgot what nobody read
	} {
		write(t, at, "logs.ndjson", pull.held...)
		s, _ := tenant(t, at, fake.Options{}, rest.Options{})
		sourcetest.PullInto(t, lk, s, time.Date(2026, 8, pull.asOf, 0, 0, 0, 0, time.UTC), 0)
	}
	manifests, err := lk.Manifests(lake.StreamID{Source: "s", Stream: Logs})
	if err != nil {
		t.Fatal(err)
	}
	var days []string
	for _, m := range manifests {
		for _, c := range m.Coverage {
			days = append(days, string(c.Day[8:])+" "+c.Status)
		}
	}
	slices.Sort(days)
	want := []string{"03 complete", "04 complete", "05 complete", "06 complete", "18 complete", "19 complete"}
	if got := slices.Compact(days); !slices.Equal(got, want) {
		t.Errorf("covered: %v, want %v", got, want)
	}
}

// What happened after the window is left to the next pull, and nothing rests
// within the overlap.
func TestTheWindowIsKept(t *testing.T) {
	s, _ := tenant(t, dir, fake.Options{}, rest.Options{})
	until := time.Date(2026, 8, 31, 5, 35, 0, 0, time.UTC)
	got, since, err := sourcetest.Lines(t, s, Logs, "", ingest.Window{Until: until})
	if err != nil || len(got) != 15 || !strings.Contains(string(since), "900202608310014") {
		t.Fatalf("%d events, %s, %v", len(got), since, err)
	}
	again, _, err := sourcetest.Lines(t, s, Logs, since, window)
	if err != nil || len(again) != 6 || again[0] != got[14] {
		t.Errorf("%d events after it, %v", len(again), err)
	}
}

func TestAPullGoesOnWhereTheLastOneFailed(t *testing.T) {
	k := sourcetest.NewClock(sourcetest.AsOf)
	var down atomic.Bool
	down.Store(true)
	o := fake.Options{MaxTake: 6, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !down.Load() || !strings.Contains(r.URL.RawQuery, "from=9") {
			return false
		}
		w.WriteHeader(http.StatusBadGateway)
		return true
	}}
	s, _ := tenant(t, dir, o, rest.Options{Now: k.Now, Sleep: k.Sleep, MaxAttempts: 2})
	lk, reports := sourcetest.Pull(t, s, 4)
	if rest.StatusOf(reports[0].Err) != http.StatusBadGateway || reports[0].Landed != 6 {
		t.Fatalf("%+v", reports[0])
	}
	down.Store(false)
	sourcetest.PullInto(t, lk, s, sourcetest.AsOf, 4)
	want := sourcetest.Saved(t, dir, Logs)
	slices.Sort(want)
	if got := sourcetest.Landed(t, lk, Logs); !slices.Equal(got, want) {
		t.Errorf("%d events landed, want %d", len(got), len(want))
	}
}

// A search stops at a thousand: all users arrive nevertheless, once each.
func TestMoreUsersThanASearchShows(t *testing.T) {
	at := t.TempDir()
	var lines []string
	for i := range 2345 { // three are created in each second
		lines = append(lines, fmt.Sprintf(`{"user_id":"auth0|%d","created_at":"2026-01-01T%02d:%02d:%02d.000Z"}`, i, i/10800, i/180%60, i/3%60))
	}
	write(t, at, "users.ndjson", lines...)
	s, _ := tenant(t, at, fake.Options{}, rest.Options{})
	got, _, err := sourcetest.Lines(t, s, Users, "", window)
	if err != nil || !slices.Equal(got, lines) {
		t.Errorf("%d users of %d, %v", len(got), len(lines), err)
	}
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"user_id":"auth0|%d","created_at":"2026-01-01T00:00:00.000Z"}`, i)
	}
	write(t, at, "users.ndjson", lines...)
	s, _ = tenant(t, at, fake.Options{}, rest.Options{})
	if _, _, err = sourcetest.Lines(t, s, Users, "", window); err == nil || !strings.Contains(access.HintOf(err), "dir:") {
		t.Errorf("a thousand at once: %v", err)
	}
}

func TestRateLimitsAreWaitedFor(t *testing.T) {
	k := sourcetest.NewClock(sourcetest.AsOf)
	var n atomic.Int64
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Date", k.Now().UTC().Format(http.TimeFormat))
		w.Header().Set("X-Ratelimit-Limit", "10")
		w.Header().Set("X-Ratelimit-Remaining", "0")
		w.Header().Set("X-Ratelimit-Reset", strconv.FormatInt(k.Now().Add(20*time.Second).Unix(), 10))
		if n.Add(1) != 2 { // the token is free
			return false
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}}
	s, _ := tenant(t, dir, o, rest.Options{Now: k.Now, Sleep: k.Sleep, Jitter: func() float64 { return 0 }})
	// A refusal, and after each of the two pages a limit that is used up.
	got, _, err := sourcetest.Lines(t, s, Roles, "", window)
	if err != nil || len(got) != 3 || k.Slept() != 40*time.Second {
		t.Errorf("%d roles after %s, %v", len(got), k.Slept(), err)
	}
}

func TestAnswersThatAreNotBelieved(t *testing.T) {
	answer := func(status int, link, body string) fake.Options {
		return fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/token") {
				return false
			}
			w.Header().Set("Link", link)
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
			return true
		}}
	}
	s, _ := tenant(t, dir, answer(200, `<https://evil.example/api/v2/logs?from=1>; rel="next"`, `[{"log_id":"1","date":"2026-01-01T00:00:00Z"}]`), rest.Options{})
	if _, _, err := sourcetest.Lines(t, s, Logs, "", window); err == nil || !strings.Contains(err.Error(), "refuse a link to https://evil.example") {
		t.Errorf("a link elsewhere: %v", err)
	}
	s, _ = tenant(t, dir, answer(200, "", `{"message":"maintenance"}`), rest.Options{})
	for _, stream := range s.Streams() {
		if _, _, err := sourcetest.Lines(t, s, stream.Name, "", window); err == nil {
			t.Errorf("%s: no list is believed to be an empty one", stream.Name)
		}
	}
	s, _ = tenant(t, dir, answer(403, "", `{"statusCode":403,"error":"Forbidden","message":"Insufficient scope","errorCode":"insufficient_scope"}`), rest.Options{})
	for _, stream := range s.Streams() {
		_, _, err := sourcetest.Lines(t, s, stream.Name, "", window)
		var absent *ingest.Absent
		if errors.As(err, &absent) != stream.Optional || absent == nil && !strings.Contains(access.HintOf(err), "read:") ||
			absent != nil && !strings.Contains(absent.Hint, "read:") || !strings.Contains(err.Error(), "insufficient_scope") {
			t.Errorf("%s: %v (%s)", stream.Name, err, access.HintOf(err))
		}
	}
}

func TestCredentials(t *testing.T) {
	s, err := New(Config{TenantURL: "https://acme.eu.auth0.com/", AccessToken: "t"})
	if err != nil || s.client.Base() != "https://acme.eu.auth0.com" {
		t.Errorf("%v", err)
	}
	for _, c := range []Config{{TenantURL: "https://a.example"}, {TenantURL: "a", AccessToken: "t"}, {TenantURL: "https://a.example", ClientID: "c"}} {
		if _, err := New(c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%+v: %v", c, err)
		}
	}
	s, _ = tenant(t, dir, fake.Options{}, rest.Options{})
	wrong, err := New(Config{TenantURL: s.client.Base(), ClientID: "m2m", ClientSecret: "wr0ng"})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = sourcetest.Lines(t, wrong, Roles, "", window)
	if err == nil || access.HintOf(err) == "" || strings.Contains(err.Error(), "wr0ng") || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("got %v (%s)", err, access.HintOf(err))
	}
}
