package acceptance_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/ingest/entra"
	"winnow/ingest/okta"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// through opens the product's own apply on a plan, with the clients of the
// sources and two approvers. No time passes while it waits.
func (s site) through(t *testing.T, p *access.Plan, dir string) (*apply.Engine, []apply.Approval) {
	t.Helper()
	now := editDay
	clock := func() time.Time { return now }
	sleep := func(ctx context.Context, d time.Duration) error { now = now.Add(d); return ctx.Err() }
	org, errOkta := okta.Config{OrgURL: s.okta, APIToken: "t", REST: rest.Options{Now: clock, Sleep: sleep}}.Client()
	dirs, errEntra := entra.Client(entra.Options{GraphURL: s.entra, AccessToken: "t", Now: clock, Sleep: sleep})
	data, err := p.Encode()
	if err := errors.Join(errOkta, errEntra, err); err != nil {
		t.Fatal(err)
	}
	var approvers []apply.Approver
	var approvals []apply.Approval
	for _, name := range []string{"ada", "bo"} {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		approvers = append(approvers, apply.Approver{Name: name, Key: public})
		approvals = append(approvals, apply.Sign(p, name, private, editDay))
	}
	e, err := apply.Open(data, apply.Options{Dir: dir, Now: clock, Sleep: sleep, Rules: apply.Rules{Approvers: approvers, Approvals: 1},
		Tenants: map[access.SourceName]apply.Tenant{"o": {Name: s.okta, Client: org}, "e": {Name: "t1", Client: dirs, Header: http.Header{}}}})
	if err != nil {
		t.Fatal(err)
	}
	return e, approvals
}

// TestPlannerThroughApply sends the edits of all cases with the product's own
// apply, which looks at the conditions before and after, and takes them back
// with its rollback: what a fresh pull finds is what the planner foretold.
func TestPlannerThroughApply(t *testing.T) {
	e := newEstate()
	cases := removalCases(e)
	s := e.serve(t)
	db := s.pulled(t).mine(t)
	before := holdings(t, db)
	var planned []access.Recommendation
	for name, rec := range replan(t, db, cases) {
		if name != "" {
			planned = append(planned, rec)
		}
	}
	plan := s.plan(t, planned)
	expires := editDay.Add(72 * time.Hour)
	plan.Expires = &expires
	if err := plan.Seal(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	engine, approvals := s.through(t, &plan, dir)
	if _, err := engine.Apply(t.Context(), approvals, false); err != nil {
		t.Fatalf("a look: %v", err)
	}
	if got := holdings(t, s.pulled(t).mine(t)); !slices.Equal(less(got, nil), less(before, nil)) {
		t.Error("a look changed something")
	}
	r, err := engine.Apply(t.Context(), approvals, true)
	if err != nil || r.Count(apply.Done) != len(plan.Operations) {
		t.Fatalf("%d of %d done: %v", r.Count(apply.Done), len(plan.Operations), err)
	}
	after := holdings(t, s.pulled(t).mine(t))
	if got, told := less(before, after), foretold(plan); !slices.Equal(got, told) {
		t.Errorf("gone %v\nforetold %v", got, told)
	}
	if _, err := engine.Rollback(t.Context(), true); err != nil {
		t.Logf("rollback: %v", err)
	}
	back := holdings(t, s.pulled(t).mine(t))
	if got := less(before, back); !slices.Equal(got, []string{"o:00u04 o:a04"}) {
		t.Errorf("not back: %v; only the app whose edit is irreversible may be missing", got)
	}
	if more := less(back, before); len(more) > 0 {
		t.Errorf("more after the rollback than ever: %v", more)
	}
	t.Logf("%d operations", len(plan.Operations))
}
