package apply_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// held finds, for tests that need one, a person who holds something, counted
// from 0 among those who do.
func held(t *testing.T, state map[string]bool, format string, nth int) int {
	t.Helper()
	for u := range people {
		if state[fmt.Sprintf(format, u)] {
			if nth == 0 {
				return u
			}
			nth--
		}
	}
	t.Fatalf("nobody holds %s", format)
	return 0
}

// three removes three people from g1, the second of whom is privileged.
func three(t *testing.T, w *world) []edit {
	t.Helper()
	state := w.pull()
	var out []edit
	for n := range 3 {
		out = append(out, oktaGroup(state, 1, held(t, state, "g1 u%d", n)))
	}
	return out
}

// do asks the org to change, behind the engine's back.
func (w *world) do(p *platform, method, path string) {
	w.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Authorization", map[*platform]string{w.okta: "SSWS t", w.entra: "Bearer t"}[p])
	rec := httptest.NewRecorder()
	if p.gate.next.ServeHTTP(rec, r); rec.Code >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
}

// sent is how many writes arrived anywhere.
func (w *world) sent() (n int) {
	for _, p := range w.all {
		n += sum(p.gate.arrived)
	}
	return n
}

// apply opens the plan and applies it.
func (w *world) apply(data []byte, o apply.Options, approvals []apply.Approval, send bool) (*apply.Report, error) {
	w.t.Helper()
	e, err := apply.Open(data, o)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	return e.Apply(w.t.Context(), approvals, send)
}

// refused wants the plan refused by exactly these lines, each with its reason,
// and nothing sent.
func (w *world) refused(data []byte, err error, want ...string) {
	w.t.Helper()
	var r *apply.RefusedError
	if !errors.As(err, &r) {
		w.t.Fatalf("error %v, want a refusal", err)
	}
	if access.HintOf(err) == "" {
		w.t.Error("the refusal has no way out")
	}
	lines := access.OperationLines(data)
	if len(r.Refusals) != len(want) {
		w.t.Fatalf("refused by %v, want %v", err, want)
	}
	for i, text := range want {
		number, reason, _ := strings.Cut(text, " ")
		line := 1
		var n int
		if _, err := fmt.Sscan(number, &n); err == nil && n > 0 {
			line = lines[n-1]
		}
		got := r.Refusals[i]
		if got.Line != line || got.Operation != n || !strings.Contains(got.Reason, reason) {
			w.t.Errorf("refusal %d is %s; want line %d, operation %d: %s", i+1, got, line, n, reason)
		}
	}
	if w.sent() != 0 {
		w.t.Errorf("%d requests were sent", w.sent())
	}
}

// TestStale changes the state after the plan was made: the member is gone, the
// rule changed, another path was added.
func TestStale(t *testing.T) {
	for name, test := range map[string]struct {
		op     func(w *world, state map[string]bool) (edit, func())
		reason string
	}{
		"member already gone": {func(w *world, state map[string]bool) (edit, func()) {
			u := held(w.t, state, "g2 u%d", 0)
			return oktaGroup(state, 2, u), func() { w.do(w.okta, "DELETE", fmt.Sprintf("/api/v1/groups/g2/users/u%d", u)) }
		}, "is present in /api/v1/groups/g2/users"},
		"rule changed": {func(w *world, state map[string]bool) (edit, func()) {
			u, other := held(w.t, state, "g2 u%d", 0), held(w.t, state, "g4 u%d", 0)
			e := oktaGroup(state, 2, u)
			e.op.Preconditions = append(e.op.Preconditions, list(access.Absent, "/api/v1/groups/rules?limit=200", access.WholeAnswer,
				"id", "r1", "conditions.people.users.exclude", fmt.Sprintf("u%d", other)))
			return e, func() { w.do(w.okta, "DELETE", fmt.Sprintf("/api/v1/groups/g4/users/u%d", other)) }
		}, "conditions.people.users.exclude"},
		"path added": {func(w *world, state map[string]bool) (edit, func()) {
			u := held(w.t, state, "a1 u%d USER", 0)
			e := oktaApp(state, 1, u)
			for g := range oktaGroups { // the person has no group that opens the app
				e.op.Preconditions = append(e.op.Preconditions, list(access.Absent, "/api/v1/apps/a1/groups?limit=200", access.WholeAnswer, "id", fmt.Sprintf("g%d", g)))
			}
			return e, func() { w.do(w.okta, "PUT", "/api/v1/apps/a1/groups/g3") }
		}, "id g3 is absent in /api/v1/apps/a1/groups"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			e, change := test.op(w, w.pull())
			edits := append(three(t, w), e)
			p, data := seal(t, edits, nil)
			approvals := approve(p, noon, "ada")
			if _, err := w.apply(data, w.options(), approvals, false); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			change()
			for _, send := range []bool{false, true} {
				_, err := w.apply(data, w.options(), approvals, send)
				w.refused(data, err, "4 "+test.reason)
			}
		})
	}
}

// grants are approvals by reviews: the number of the operation, and who decided.
func grants(list ...string) func(*apply.Options) {
	return func(o *apply.Options) {
		o.Grants = map[string][]apply.Grant{}
		for _, g := range list {
			number, person, _ := strings.Cut(g, " ")
			o.Grants[number] = []apply.Grant{{By: "a review", Person: person}}
		}
	}
}

// A spoiling spoils a plan or what stands beside it, and says by what it is
// refused.
type spoiling struct {
	plan      func(p *access.Plan)
	options   func(o *apply.Options)
	approvals func(p *access.Plan) []apply.Approval
	want      []string
}

var (
	hour, afternoon = noon.Add(time.Hour), noon.Add(6 * time.Hour)
	spoilt          = map[string]spoiling{
		"fine":         {},
		"expired":      {plan: func(p *access.Plan) { p.Expires = &noon }, want: []string{"0 expired at 2026-05-31T12:00:00Z"}},
		"not expired":  {plan: func(p *access.Plan) { p.Expires = &hour }},
		"too early":    {plan: func(p *access.Plan) { p.Operations[1].NotBefore = &afternoon }, want: []string{"2 is not to be sent before 2026-05-31T18:00:00Z"}},
		"too late":     {plan: func(p *access.Plan) { p.Operations[1].SendBefore = &noon }, want: []string{"2 was to be sent before 2026-05-31T12:00:00Z"}},
		"other tenant": {plan: func(p *access.Plan) { p.Operations[2].Tenant = "https://evil.example" }, want: []string{"3 is made for tenant https://evil.example"}},
		"other source": {plan: func(p *access.Plan) { p.Operations[0].Source = "second" }, want: []string{"1 source second, which is not configured"}},
		"tenant moved": {options: func(o *apply.Options) {
			o.Tenants = map[access.SourceName]apply.Tenant{"okta": {Name: "https://acme2.example", Client: o.Tenants["okta"].Client}}
		}, want: []string{"1 configured for https://acme2.example", "2 ", "3 "}},
		"person": {plan: func(p *access.Plan) {
			p.Operations[2].Subject.IdentityID = p.Operations[0].Subject.IdentityID
			p.Caps.Person = 1
		}, want: []string{"3 the access of person"}},
		"person by rule": {plan: func(p *access.Plan) {
			p.Operations[1].Subject.IdentityID = p.Operations[0].Subject.IdentityID
			p.Caps.Person = 7
		}, options: func(o *apply.Options) { o.Rules.Caps.Person = 1 }, want: []string{"2 makes 2, and the cap is 1"}},
		"collateral": {plan: func(p *access.Plan) {
			p.Operations[1].Collateral = []access.Collateral{{AccountID: p.Operations[1].Subject.AccountID, EntitlementID: "okta:a9", Text: "x"}}
			p.Caps.Person = 1
		}, want: []string{"2 the access of person"}},
		"app": {plan: func(p *access.Plan) { p.Caps.App = 2 }, want: []string{"3 the access to “okta:g1” changes: that makes 3, and the cap is 2"}},
		"manager": {plan: func(p *access.Plan) {
			p.Caps.Manager = 1
			p.Operations[0].Subject.ManagerID = "m"
			p.Operations[2].Subject.ManagerID = "m"
		}, want: []string{"3 manager “m” changes: that makes 2"}},
		"day": {plan: func(p *access.Plan) { p.Caps.Day = 2 }, want: []string{"3 with it 3 accesses change today, and the cap is 2"}},
		"day, second wave": {plan: func(p *access.Plan) { p.Caps.Day = 1; p.Operations[1].Wave, p.Operations[2].Wave = 2, 2 },
			options: func(o *apply.Options) { o.Rules.CanaryWait = time.Hour }, want: []string{"3 with it 2 accesses change in its wave"}},
		"share":                    {plan: func(p *access.Plan) { p.Caps.Share = 0.25 }, want: []string{"3 3 of 10 people"}},
		"people":                   {plan: func(p *access.Plan) { p.Caps.Share, p.People = 0.25, 0 }, want: []string{"0 does not say how many people"}},
		"no approval":              {approvals: func(*access.Plan) []apply.Approval { return nil }, want: []string{"0 has 0 approvals, and needs 1"}},
		"two wanted":               {options: func(o *apply.Options) { o.Rules.Approvals = 2 }, want: []string{"0 has 1 approval, and needs 2"}},
		"approval of another plan": {approvals: func(*access.Plan) []apply.Approval { return approve(&access.Plan{ID: "x"}, noon, "ada") }, want: []string{"0 of another plan", "0 has 0 approvals"}},
		"stranger":                 {approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon, "eve") }, want: []string{"0 “eve”, whom the configuration does not know", "0 has 0 approvals"}},
		"forged": {approvals: func(p *access.Plan) []apply.Approval {
			a := approve(p, noon, "eve")
			a[0].Approver = "ada"
			return a
		}, want: []string{"0 not signed with their key", "0 has 0 approvals"}},
		"date changed": {approvals: func(p *access.Plan) []apply.Approval {
			a := approve(p, noon, "ada")
			a[0].At = a[0].At.Add(-time.Hour)
			return a
		}, want: []string{"0 not signed", "0 has 0"}},
		"of tomorrow":       {approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon.Add(24*time.Hour), "ada") }, want: []string{"0 is to come", "0 has 0"}},
		"privileged":        {plan: func(p *access.Plan) { p.Operations[1].Privileged = true }, want: []string{"2 has 1 approval for privileged access, and needs 2"}},
		"the same twice":    {plan: func(p *access.Plan) { p.Operations[1].Privileged = true }, approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon, "ada", "ada") }, want: []string{"2 has 1 approval for privileged"}},
		"privileged by two": {plan: func(p *access.Plan) { p.Operations[1].Privileged = true }, approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon, "ada", "bo") }},
		"two names, one key": {plan: func(p *access.Plan) { p.Operations[1].Privileged = true },
			options: func(o *apply.Options) {
				o.Rules.Approvers = append(o.Rules.Approvers, apply.Approver{Name: "ada2", Key: o.Rules.Approvers[0].Key})
			},
			approvals: func(p *access.Plan) []apply.Approval {
				return append(approve(p, noon, "ada"), apply.Sign(p, "ada2", key("ada"), noon))
			}, want: []string{"2 has 1 approval for privileged"}},
		"irreversible":       {plan: func(p *access.Plan) { o := &p.Operations[0]; o.Reversible, o.Inverse, o.Lost = false, nil, "gone" }, want: []string{"1 has 1 approval for what cannot be undone"}},
		"own access":         {plan: func(p *access.Plan) { p.Operations[2].Subject.IdentityID = "i-bo" }, approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon, "bo") }, want: []string{"3 the access of who approves it"}},
		"by review":          {options: grants("1 i-x", "2 i-x", "3 i-x"), approvals: func(*access.Plan) []apply.Approval { return nil }},
		"by review, but one": {options: grants("1 i-x", "3 i-x"), approvals: func(*access.Plan) []apply.Approval { return nil }, want: []string{"2 has 0 approvals, and needs 1"}},
		"by their own review": {plan: func(p *access.Plan) { p.Operations[1].Subject.IdentityID = "i-x" }, options: grants("1 i-x", "2 i-x", "3 i-x"),
			approvals: func(*access.Plan) []apply.Approval { return nil }, want: []string{"2 has 0 approvals"}},
		"privileged by review":   {plan: func(p *access.Plan) { p.Operations[0].Privileged = true }, options: grants("1 i-x", "2 i-x", "3 i-x"), want: []string{"1 has 1 approval for privileged access"}},
		"review and signature":   {options: func(o *apply.Options) { grants("1 i-x", "2 i-x")(o); o.Rules.Approvals = 2 }, want: []string{"3 has 1 approval, and needs 2"}},
		"own access, by another": {plan: func(p *access.Plan) { p.Operations[2].Subject.IdentityID = "i-bo" }, approvals: func(p *access.Plan) []apply.Approval { return approve(p, noon, "bo", "ada") }},
	}
)

// TestRefused spoils what stands in a plan or beside it.
func TestRefused(t *testing.T) {
	for name, test := range spoilt {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			p, data := seal(t, three(t, w), test.plan)
			o, approvals := w.options(), approve(p, noon, "ada")
			if test.options != nil {
				test.options(&o)
			}
			byNumber := o.Grants
			o.Grants = map[string][]apply.Grant{}
			for number, g := range byNumber {
				o.Grants[p.Operations[number[0]-'1'].ID] = g
			}
			if test.approvals != nil {
				approvals = test.approvals(p)
			}
			_, err := w.apply(data, o, approvals, true)
			if test.want == nil {
				if err != nil || w.sent() != 3 {
					t.Fatalf("%d sent, %v", w.sent(), err)
				}
				return
			}
			w.refused(data, err, test.want...)
			if _, err := os.Stat(w.dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a refused plan left files: %v", err)
			}
		})
	}
}

// TestEdited opens a plan that was changed by hand.
func TestEdited(t *testing.T) {
	w := newWorld(t, 1)
	_, data := seal(t, three(t, w), nil)
	lines := access.OperationLines(data)
	edited := strings.Replace(string(data), `"id i`, `"id j`, 1)
	edited = strings.Replace(edited, `okta_test`, `okta_text`, 1)
	_, err := apply.Open([]byte(edited), w.options())
	if want := fmt.Sprintf("line %d: operation 1", lines[0]); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	cut := slices.Concat(data[:strings.Index(string(data), `"run_id"`)], data[strings.Index(string(data), `"as_of"`):])
	if _, err := apply.Open(cut, w.options()); err == nil {
		t.Error("a plan without a run was opened")
	}
}

// TestDayOverPlans counts what another plan sent today, and not what it sent
// yesterday.
func TestDayOverPlans(t *testing.T) {
	w := newWorld(t, 1)
	edits := three(t, w)
	first, data := seal(t, edits[:2], nil)
	if _, err := w.apply(data, w.options(), approve(first, noon, "ada"), true); err != nil {
		t.Fatal(err)
	}
	w.okta.gate.forget()
	o := w.options()
	o.Rules.Caps = access.Caps{Day: 2, App: 2}
	second, data := seal(t, edits[2:], nil)
	_, err := w.apply(data, o, approve(second, noon, "ada"), true)
	w.refused(data, err, "1 the access to", "1 with it 3 accesses change today")
	w.clock.at = noon.Add(13 * time.Hour)
	if _, err := w.apply(data, o, approve(second, noon, "ada"), true); err != nil || w.sent() != 1 {
		t.Errorf("on the next day: %d sent, %v", w.sent(), err)
	}
}

// TestDryRun changes nothing anywhere.
func TestDryRun(t *testing.T) {
	w := newWorld(t, 1)
	p, data := seal(t, three(t, w), nil)
	first := w.pull()
	r, err := w.apply(data, w.options(), approve(p, noon, "ada"), false)
	if err != nil || r.Sent || len(r.Operations) != 3 || r.Count("") != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := os.Stat(w.dir); !errors.Is(err, os.ErrNotExist) || w.sent() != 0 || len(differ(first, w.pull())) > 0 {
		t.Errorf("a look left something: %v, %d sent", err, w.sent())
	}
}
