package apply_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/rest"
)

// TestStopFile stops before anything, and in the middle: the request after the
// file is not sent.
func TestStopFile(t *testing.T) {
	w := newWorld(t, 1)
	p, data := seal(t, three(t, w), nil)
	o := w.options()
	o.StopFile = filepath.Join(t.TempDir(), "STOP")
	stop := func() {
		if err := os.WriteFile(o.StopFile, nil, 0o600); err != nil {
			t.Error(err)
		}
	}
	stop()
	if _, err := w.apply(data, o, approve(p, noon, "ada"), true); !errors.Is(err, apply.ErrStopped) || w.sent() != 0 {
		t.Fatalf("%d sent, %v", w.sent(), err)
	}
	if err := os.Remove(o.StopFile); err != nil {
		t.Fatal(err)
	}
	w.okta.gate.after = func(*http.Request) bool { stop(); return false }
	if _, err := w.apply(data, o, approve(p, noon, "ada"), true); !errors.Is(err, apply.ErrStopped) || w.sent() != 1 {
		t.Fatalf("%d sent, %v", w.sent(), err)
	}
	w.okta.gate.after = nil
	if err := os.Remove(o.StopFile); err != nil {
		t.Fatal(err)
	}
	if r, err := w.apply(data, o, approve(p, noon, "ada"), true); err != nil || w.sent() != 3 || r.Count(apply.Done) != 3 {
		t.Fatalf("%d sent, %v", w.sent(), err)
	}
}

// TestStopWhileWaiting puts the stop file down while the client waits to send a
// request again that was refused with 429.
func TestStopWhileWaiting(t *testing.T) {
	w := newWorld(t, 1)
	p, data := seal(t, three(t, w), nil)
	o := w.options()
	o.StopFile = filepath.Join(t.TempDir(), "STOP")
	sleep := func(ctx context.Context, d time.Duration) error {
		if err := os.WriteFile(o.StopFile, nil, 0o600); err != nil {
			t.Error(err)
		}
		return w.clock.sleep(ctx, d)
	}
	c, err := rest.New(w.okta.url, auth("SSWS t"), rest.Options{Once: true, Now: w.clock.now, Sleep: sleep, Transport: apply.Stopping(nil, o.StopFile)})
	if err != nil {
		t.Fatal(err)
	}
	o.Tenants["okta"] = apply.Tenant{Name: names["okta"], Client: c}
	busy := 0
	next := w.okta.gate.next
	w.okta.gate.next = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			next.ServeHTTP(rw, r)
			return
		}
		busy++
		rw.Header().Set("Retry-After", "30")
		rw.WriteHeader(http.StatusTooManyRequests)
	})
	r, err := w.apply(data, o, approve(p, noon, "ada"), true)
	if !errors.Is(err, apply.ErrStopped) || busy != 1 || r.Count("") != 3 {
		t.Errorf("%+v, %v, %d sent", r, err, busy)
	}
}

// TestSendGuard changes a plan behind the seals: what no plan may hold is not
// sent, whoever put it there.
func TestSendGuard(t *testing.T) {
	w := newWorld(t, 1)
	state := w.pull()
	p, data := seal(t, []edit{graphMember(state, 0, held(t, state, "h0 e%d", 0))}, nil)
	e, err := apply.Open(data, w.options())
	if err != nil {
		t.Fatal(err)
	}
	o := &e.File().Operations[0]
	o.Path = strings.TrimSuffix(o.Path, "/$ref")
	_, err = e.Apply(t.Context(), approve(p, noon, "ada", "bo"), true)
	if err == nil || !strings.Contains(err.Error(), "lacks /$ref") || w.sent() != 0 || len(differ(state, w.pull())) > 0 {
		t.Errorf("%d sent, %v", w.sent(), err)
	}
}
