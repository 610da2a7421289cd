package apply_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// staged is a plan of one canary and two changes after it.
func staged(t *testing.T, w *world) (*access.Plan, []byte) {
	t.Helper()
	edits := three(t, w)
	edits[1].op.Wave, edits[2].op.Wave = 2, 2
	return seal(t, edits, nil)
}

// TestWaves sends the canary, waits, and sends the rest.
func TestWaves(t *testing.T) {
	w := newWorld(t, 1)
	p, data := staged(t, w)
	o := w.options()
	o.Rules.CanaryWait = 24 * time.Hour
	for _, step := range []struct {
		after      time.Duration
		sent, done int
	}{{0, 1, 1}, {time.Hour, 1, 1}, {22 * time.Hour, 1, 1}, {2 * time.Hour, 3, 3}, {time.Hour, 3, 3}} {
		w.clock.at = w.clock.at.Add(step.after)
		r, err := w.apply(data, o, approve(p, noon, "ada"), true)
		if err != nil || w.sent() != step.sent || r.Count(apply.Done) != step.done {
			t.Fatalf("after %s: %d sent, %d done, %v", step.after, w.sent(), r.Count(apply.Done), err)
		}
		if waits := step.sent == 1; waits != (r.Next != nil) || waits && r.Next.Before(noon.Add(24*time.Hour)) {
			t.Errorf("after %s: the next wave at %v", step.after, r.Next)
		}
	}
}

// TestGivenBack halts when somebody gave back what the canary took, for good.
func TestGivenBack(t *testing.T) {
	w := newWorld(t, 1)
	p, data := staged(t, w)
	o := w.options()
	o.Rules.CanaryWait = time.Hour
	if _, err := w.apply(data, o, approve(p, noon, "ada"), true); err != nil {
		t.Fatal(err)
	}
	path := p.Operations[0].Path
	w.do(w.okta, "PUT", path)
	w.clock.at = w.clock.at.Add(2 * time.Hour)
	w.okta.gate.forget()
	_, err := w.apply(data, o, approve(p, noon, "ada"), true)
	w.refused(data, err, "1 given back since")
	w.do(w.okta, "DELETE", path) // and even if they take it again
	_, err = w.apply(data, o, approve(p, noon, "ada"), true)
	w.refused(data, err, "0 it was halted: people want 1 change of it taken back")
}

// TestAskedBack halts when as many ask for their access as the rules allow.
func TestAskedBack(t *testing.T) {
	w := newWorld(t, 1)
	edits := three(t, w)
	edits[2].op.Wave = 2
	p, data := seal(t, edits, nil)
	o := w.options()
	o.Rules.CanaryWait, o.Rules.HaltAfter = time.Hour, 2
	if _, err := w.apply(data, o, approve(p, noon, "ada"), true); err != nil || w.sent() != 2 {
		t.Fatalf("%d sent, %v", w.sent(), err)
	}
	w.clock.at = w.clock.at.Add(2 * time.Hour)
	asked := map[string]string{p.Operations[1].ID: "ticket 7"}
	o.AskedBack = func(_ context.Context, done []*access.Operation) (map[string]string, error) {
		if len(done) != 2 {
			t.Errorf("asked of %d operations", len(done))
		}
		return asked, nil
	}
	asked[p.Operations[0].ID] = "a decision of 2026-05-31"
	w.okta.gate.forget()
	_, err := w.apply(data, o, approve(p, noon, "ada"), true)
	w.refused(data, err, "1 asked back: a decision of 2026-05-31", "2 asked back: ticket 7")
}

// unknown adds somebody to a group whom the platform does not know.
func unknown(g int) edit {
	return oktaGroup(map[string]bool{}, g, 99)
}

// TestCanaryRefused ends the plan when the platform refuses the canary.
func TestCanaryRefused(t *testing.T) {
	w := newWorld(t, 1)
	edits := append([]edit{unknown(1)}, three(t, w)...)
	for i := 1; i < len(edits); i++ {
		edits[i].op.Wave = 2
	}
	p, data := seal(t, edits, nil)
	_, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	if want := fmt.Sprintf("line %d: operation 1 (%s) was refused: ", access.OperationLines(data)[0], edits[0].op.Note); err == nil ||
		!strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "answered 404") || w.sent() != 1 {
		t.Errorf("%d sent, %v", w.sent(), err)
	}
	w.okta.gate.forget()
	_, err = w.apply(data, w.options(), approve(p, noon, "ada"), true)
	w.refused(data, err, "0 it was halted: operation 1 of the first wave was refused")
}

// TestRefusedLater goes on past refusals in later waves, up to a number of them.
func TestRefusedLater(t *testing.T) {
	w := newWorld(t, 1)
	edits := append(three(t, w), unknown(1), unknown(2), unknown(3))
	for i := 1; i < len(edits); i++ {
		edits[i].op.Wave = 2
	}
	edits[1], edits[3] = edits[3], edits[1]
	p, data := seal(t, edits, nil)
	o := w.options()
	o.Rules.MaxRefused = 2
	r, err := w.apply(data, o, approve(p, noon, "ada"), true)
	if err == nil || r.Count(apply.Refused) != 2 || r.Count(apply.Done) != 3 || r.Count("") != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err = w.apply(data, o, approve(p, noon, "ada"), true); err != nil || r.Count(apply.Refused) != 3 || w.sent() != 6 {
		t.Fatalf("%+v, %v, %d sent", r, err, w.sent())
	}
}

// TestAfterRefused leaves alone what was to come after an operation that was
// refused.
func TestAfterRefused(t *testing.T) {
	w := newWorld(t, 1)
	edits := append(three(t, w)[:1], unknown(1), oktaGroup(w.pull(), 2, held(t, w.pull(), "g2 u%d", 0)))
	edits[1].op.Wave, edits[2].op.Wave = 2, 2
	id, err := access.OperationID(edits[1].op.Tenant, edits[1].op.Request)
	if err != nil {
		t.Fatal(err)
	}
	edits[2].op.After = []string{id}
	p, data := seal(t, edits, nil)
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	if err == nil || !strings.Contains(err.Error(), "waits for operations that were refused") || r.Count(apply.Done) != 1 || w.sent() != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestChangedMeanwhile refuses an operation whose precondition ceased to hold
// while the plan was applied.
func TestChangedMeanwhile(t *testing.T) {
	w := newWorld(t, 1)
	p, data := seal(t, three(t, w), nil)
	w.okta.gate.after = func(*http.Request) bool {
		w.okta.gate.after = nil
		w.do(w.okta, "DELETE", p.Operations[2].Path)
		return false
	}
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	var refused *apply.RefusedError
	if !errors.As(err, &refused) || len(refused.Refusals) != 1 || refused.Refusals[0].Operation != 3 ||
		!strings.Contains(refused.Refusals[0].Reason, "changed while the plan was applied") || w.sent() != 2 || r.Count(apply.Done) != 2 {
		t.Errorf("%+v, %v, %d sent", r, err, w.sent())
	}
}

// TestDoneByAnother finds that somebody else did it between the look and the
// request: it is not ours, and is not taken back.
func TestDoneByAnother(t *testing.T) {
	w := newWorld(t, 1)
	state := w.pull()
	p, data := seal(t, []edit{graphMember(state, 0, held(t, state, "h0 e%d", 0))}, nil)
	w.entra.gate.before = func(*http.Request) bool { w.do(w.entra, "DELETE", p.Operations[0].Path); return false }
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	if err != nil || r.Count(apply.Already) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	w.entra.gate.before = nil
	w.entra.gate.forget()
	if r, err := w.rollback(data, true); err != nil || len(r.Operations) != 0 || w.sent() != 0 {
		t.Errorf("%+v, %v, %d sent", r, err, w.sent())
	}
}

// TestDoubtStays sends nothing more while nothing tells what became of a
// request.
func TestDoubtStays(t *testing.T) {
	w := newWorld(t, 1)
	edits := three(t, w)
	c := list(access.Present, "/api/v1/groups/g3/users?limit=200", access.WholeAnswer, "id", "u77")
	edits[1].op.Verify = append([]access.Condition{c}, edits[1].op.Verify...)
	p, data := seal(t, edits, nil)
	w.okta.gate.after = func(r *http.Request) bool { return r.URL.Path == p.Operations[1].Path }
	for n := range 3 {
		r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
		if err == nil || !strings.Contains(err.Error(), "neither as before nor as after") || r.Operations[1].State != apply.InDoubt || w.sent() != 2 {
			t.Fatalf("start %d: %+v, %v, %d sent", n, r, err, w.sent())
		}
	}
}

// TestEffectOfSeveral takes an app away by two groups, the first of which
// expects the app to be gone: its answer is lost, and the app is still there. It
// was carried out all the same, and the rest comes with the other one.
func TestEffectOfSeveral(t *testing.T) {
	w := newWorld(t, 1)
	state := w.pull()
	for g := range 2 {
		if path := fmt.Sprintf("/api/v1/groups/g%d/users/u0", 3*g); !state[fmt.Sprintf("g%d u0", 3*g)] {
			w.do(w.okta, "PUT", path)
		}
	}
	state = w.pull()
	edits := []edit{oktaGroup(state, 3, 0), oktaGroup(state, 0, 0)}
	edits[0].op.Verify = append(edits[0].op.Verify, list(access.Absent, "/api/v1/apps/a0/users?limit=500", access.WholeAnswer, "id", "u0"))
	p, data := seal(t, edits, nil)
	w.okta.gate.forget()
	w.okta.gate.after = func(r *http.Request) bool { return r.URL.Path == p.Operations[0].Path }
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), true)
	if err != nil || r.Count(apply.Done) != 2 || w.sent() != 2 {
		t.Fatalf("%+v, %v, %d sent", r, err, w.sent())
	}
	w.okta.gate.after = nil
	if r, err := w.rollback(data, true); err != nil || r.Count(apply.Done) != 2 || len(differ(state, w.pull())) > 0 {
		t.Errorf("%+v, %v, %v", r, err, differ(state, w.pull()))
	}
}

// TestClockGoesBack goes on with the second wave although the clock says that the
// first is still to come, where no wave waits.
func TestClockGoesBack(t *testing.T) {
	w := newWorld(t, 1)
	p, data := staged(t, w)
	o := w.options()
	o.StopFile = filepath.Join(t.TempDir(), "STOP")
	w.okta.gate.after = func(*http.Request) bool {
		if err := os.WriteFile(o.StopFile, nil, 0o600); err != nil {
			t.Error(err)
		}
		return false
	}
	if _, err := w.apply(data, o, approve(p, noon, "ada"), true); !errors.Is(err, apply.ErrStopped) || w.sent() != 1 {
		t.Fatalf("%v, %d sent", err, w.sent())
	}
	w.okta.gate.after, w.clock.at = nil, w.clock.at.Add(-time.Hour)
	r, err := w.apply(data, w.options(), approve(p, w.clock.at, "ada"), true)
	if err != nil || r.Count(apply.Done) != 3 || w.sent() != 3 {
		t.Errorf("%+v, %v, %d sent", r, err, w.sent())
	}
}
