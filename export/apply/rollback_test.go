package apply_test

import (
	"errors"
	"strings"
	"testing"

	"winnow/export/apply"
)

// rollback opens the plan and takes it back.
func (w *world) rollback(data []byte, send bool) (*apply.Report, error) {
	w.t.Helper()
	e, err := apply.Open(data, w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	return e.Rollback(w.t.Context(), send)
}

// applied applies a plan in good weather and starts to count anew.
func (w *world) applied(edits []edit) []byte {
	w.t.Helper()
	p, data := seal(w.t, edits, nil)
	if _, err := w.apply(data, w.options(), approve(p, noon, "ada", "bo"), true); err != nil {
		w.t.Fatal(err)
	}
	w.okta.gate.forget()
	w.entra.gate.forget()
	return data
}

// TestRollbackTwice takes back once, last things first, and no more on the
// second call; a plan that was taken back is not applied again.
func TestRollbackTwice(t *testing.T) {
	w := newWorld(t, 1)
	first := w.pull()
	edits := append(three(t, w), campaign(1))
	data := w.applied(edits)
	if r, err := w.rollback(data, false); err != nil || w.sent() != 0 || len(r.Operations) != 4 || r.Count("") != 4 {
		t.Fatalf("a look: %+v, %v, %d sent", r, err, w.sent())
	}
	for range 2 {
		if r, err := w.rollback(data, true); err != nil || w.sent() != 4 || r.Count(apply.Done) != 4 || r.Whole() != nil {
			t.Fatalf("%+v, %v, %d sent", r, err, w.sent())
		}
	}
	if d := differ(first, w.pull()); len(d) > 0 {
		t.Errorf("not restored: %v", d)
	}
	e, err := apply.Open(data, w.options())
	if err != nil {
		t.Fatal(err)
	}
	w.okta.gate.forget()
	_, err = w.apply(data, w.options(), approve(&e.File().Plan, noon, "ada"), true)
	w.refused(data, err, "1 was taken back", "2 was taken back", "3 was taken back", "4 was taken back")
	list, _ := e.Receipts()
	var order []string
	for _, r := range list {
		if r.Act == apply.RollingBack && r.State == apply.Intent {
			order = append(order, r.Operation)
		}
	}
	for i, id := range order {
		if id != e.File().Operations[3-i].ID {
			t.Errorf("taken back in the order %v", order)
			break
		}
	}
}

// TestRollbackKept names what cannot be restored and restores the rest.
func TestRollbackKept(t *testing.T) {
	w := newWorld(t, 1)
	state := w.pull()
	gone := held(t, state, "s0 e%d role0", 0)
	role, _ := graphRole(state, gone, false)
	edits := append(three(t, w), role)
	data := w.applied(edits)
	user := edits[1].op.Subject.AccountID[len("okta:"):]
	w.do(w.okta, "POST", "/api/v1/users/"+user+"/lifecycle/deactivate")
	w.do(w.okta, "DELETE", "/api/v1/users/"+user)
	w.do(w.okta, "PUT", edits[0].op.Path) // somebody gave this one back already
	r, err := w.rollback(data, true)
	if err != nil || r.Count(apply.Kept) != 2 || r.Count(apply.Already) != 1 || r.Count(apply.Done) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	whole := r.Whole()
	if !errors.Is(whole, apply.ErrKept) || !strings.Contains(whole.Error(), "operation 2 (remove "+user+" from g1): ") || !strings.Contains(whole.Error(), "answered 404") ||
		!strings.Contains(whole.Error(), "operation 4 (remove ") || !strings.Contains(whole.Error(), "it cannot be undone: the app forgets") {
		t.Errorf("told: %v", whole)
	}
	if w.sent() != 2 {
		t.Errorf("%d sent", w.sent())
	}
}

// TestRollbackElsewhere is refused in another tenant.
func TestRollbackElsewhere(t *testing.T) {
	w := newWorld(t, 1)
	data := w.applied(three(t, w))
	o := w.options()
	tenant := o.Tenants["okta"]
	tenant.Name = "https://acme2.example"
	o.Tenants["okta"] = tenant
	e, err := apply.Open(data, o)
	if err != nil {
		t.Fatal(err)
	}
	var refused *apply.RefusedError
	if _, err := e.Rollback(t.Context(), true); !errors.As(err, &refused) || len(refused.Refusals) != 3 || w.sent() != 0 {
		t.Errorf("%v, %d sent", err, w.sent())
	}
}
