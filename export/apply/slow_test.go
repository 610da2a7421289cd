package apply_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// A late platform loses the connection of the first write and carries it out
// only when its clock has gone on.
type late struct {
	next http.Handler
	now  func() time.Time
	wait time.Duration
	last bool // it is carried out just before the next write, and no sooner

	held *http.Request
	due  time.Time
	body []byte
	sent int
}

func (l *late) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.held != nil && (!l.last && !l.now().Before(l.due) || l.last && r.Method != http.MethodGet) {
		l.held.Body = io.NopCloser(bytes.NewReader(l.body))
		l.next.ServeHTTP(httptest.NewRecorder(), l.held)
		l.held = nil
	}
	if r.Method != http.MethodGet {
		if l.sent++; l.sent == 1 {
			l.body, _ = io.ReadAll(r.Body)
			l.held, l.due = r.Clone(r.Context()), l.now().Add(l.wait)
			panic(http.ErrAbortHandler)
		}
	}
	l.next.ServeHTTP(w, r)
}

// TestStillUnderWay loses the answer of a request that the platform carries out
// ten seconds later: that nothing is to be seen before does not mean that it was
// not carried out, and a second campaign would ask everybody twice.
func TestStillUnderWay(t *testing.T) {
	w := newWorld(t, 1)
	slow := &late{next: w.okta.gate.next, now: w.clock.now, wait: 10 * time.Second}
	w.okta.gate.next = slow
	edits := []edit{campaign(7)}
	p, data := seal(t, edits, nil)
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	if err != nil || r.Count(apply.Done) != 1 || slow.sent != 1 {
		t.Fatalf("%+v, %v, %d sent", r, err, slow.sent)
	}
	campaigns := w.objects(w.okta, "SSWS t", "/governance/api/v1/campaigns?limit=200", "data")
	if len(campaigns) != 1 {
		t.Errorf("%d campaigns", len(campaigns))
	}
}

// TestCarriedOutLate lets the platform carry a request out after it was taken for
// lost: between the looks, at the last moment before it is sent again, and after
// the command gave up. It is ours all the same, and is taken back.
func TestCarriedOutLate(t *testing.T) {
	for name, test := range map[string]struct {
		wait time.Duration
		last bool
		sent int
	}{"before the next look": {15500 * time.Millisecond, false, 1}, "before the next request": {time.Hour, true, 2}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			state := w.pull()
			slow := &late{next: w.entra.gate.next, now: w.clock.now, wait: test.wait, last: test.last}
			w.entra.gate.next = slow
			p, data := seal(t, []edit{graphMember(state, 0, held(t, state, "h0 e%d", 0))}, nil)
			r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
			if err != nil || r.Count(apply.Done) != 1 || slow.sent != test.sent {
				t.Fatalf("%+v, %v, %d sent", r, err, slow.sent)
			}
			if r, err := w.rollback(data, true); err != nil || r.Count(apply.Done) != 1 || len(differ(state, w.pull())) > 0 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestLateAfterTheEnd stops after a request was taken for lost; at the next
// start it is there.
func TestLateAfterTheEnd(t *testing.T) {
	w := newWorld(t, 1)
	state := w.pull()
	slow := &late{next: w.entra.gate.next, now: w.clock.now, wait: 15500 * time.Millisecond}
	w.entra.gate.next = slow
	p, data := seal(t, []edit{graphMember(state, 0, held(t, state, "h0 e%d", 0))}, nil)
	o := w.options()
	nap := errors.New("interrupted")
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		if d == time.Second && w.clock.now().After(noon.Add(14*time.Second)) { // before the second try
			return nap
		}
		return w.clock.sleep(ctx, d)
	}
	if r, err := w.apply(data, o, approve(p, noon, "ada"), true); !errors.Is(err, nap) || r.Count("") != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	w.clock.at = w.clock.at.Add(time.Hour)
	if r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true); err != nil || r.Count(apply.Done) != 1 || slow.sent != 1 {
		t.Fatalf("%+v, %v, %d sent", r, err, slow.sent)
	}
}

// TestDoubtOutlivesThePlan leaves a request in doubt until the plan has expired:
// it is looked up all the same, and only what was not sent is refused.
func TestDoubtOutlivesThePlan(t *testing.T) {
	w := newWorld(t, 1)
	edits := three(t, w)
	expires := noon.Add(time.Hour)
	p, data := seal(t, edits, func(p *access.Plan) { p.Expires = &expires })
	o := w.options()
	stop := errors.New("interrupted")
	o.Sleep = func(context.Context, time.Duration) error { return stop }
	w.okta.gate.after = func(r *http.Request) bool { return r.URL.Path == p.Operations[1].Path }
	// Its effect is not shown as long as the command runs.
	shown := w.okta.gate.next
	w.okta.gate.next = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && w.sent() == 2 && w.clock.now().Before(expires) {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		shown.ServeHTTP(rw, r)
	})
	if r, err := w.apply(data, o, approve(p, noon, "ada"), true); err == nil || r.Operations[1].State != apply.InDoubt {
		t.Fatalf("%+v, %v", r, err)
	}
	w.clock.at = noon.Add(2 * time.Hour)
	w.okta.gate.after = nil
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	var refused *apply.RefusedError
	if !errors.As(err, &refused) || refused.Refusals[0].Reason != "it expired at 2026-05-31T13:00:00Z" || r.Count(apply.Done) != 2 || r.Count("") != 1 || w.sent() != 2 {
		t.Errorf("%+v, %v, %d sent", r, err, w.sent())
	}
}
