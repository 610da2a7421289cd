package main

import (
	"slices"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/store"
)

// TestGrantOf approves removals by the review and by rules, and nothing else.
func TestGrantOf(t *testing.T) {
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	decided := map[[2]string]ruling{{"okta:u1", "okta:g1"}: {decision: "deny", at: at, person: "hr:9"}, {"okta:u1", "okta:g2"}: {decision: "approve", at: at}}
	byRule := map[string]string{"r1": "idle groups", "r2": "idle groups"}
	for name, test := range map[string]struct {
		change func(*access.Operation)
		by     string
	}{
		"denied":              {func(*access.Operation) {}, "the review of 2026-05-01"},
		"kept":                {func(o *access.Operation) { o.Subject.EntitlementID = "okta:g2" }, ""},
		"not decided":         {func(o *access.Operation) { o.Subject.EntitlementID = "okta:g3" }, ""},
		"of another":          {func(o *access.Operation) { o.Subject.AccountID = "okta:u2" }, ""},
		"a grant":             {func(o *access.Operation) { o.Kind = access.OperationGrant }, ""},
		"with something else": {func(o *access.Operation) { o.Collateral = []access.Collateral{{AccountID: "okta:u1"}} }, ""},
		"by rule": {func(o *access.Operation) {
			o.Subject.EntitlementID, o.RecommendationIDs = "okta:g3", []string{"r1", "r2"}
		}, "the rule idle groups"},
		"half by rule": {func(o *access.Operation) {
			o.Subject.EntitlementID, o.RecommendationIDs = "okta:g3", []string{"r1", "r3"}
		}, ""},
		"for no recommendation": {func(o *access.Operation) { o.RecommendationIDs = nil }, ""},
	} {
		o := &access.Operation{Kind: access.OperationRemove, RecommendationIDs: []string{"r3"},
			Subject: &access.Subject{IdentityID: "hr:1", AccountID: "okta:u1", EntitlementID: "okta:g1"}}
		test.change(o)
		g, ok := grantOf(o, decided, byRule)
		if ok != (test.by != "") || g.By != test.by || name == "denied" && g.Person != "hr:9" {
			t.Errorf("%s: %+v, %v", name, g, ok)
		}
	}
}

// TestRulings reads the newest decision on each access, and who took it.
func TestRulings(t *testing.T) {
	db, err := store.Open(t.Context(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `create schema core;
		create table core.account as from (values ('okta:u1', 'okta', 'ada@x.example'), ('okta:u9', 'okta', 'bo@x.example')) as t(account_id, source, login);
		create table core.account_link as from (values ('okta:u1', 'hr:1'), ('okta:u9', 'hr:9')) as t(account_id, identity_id);
		create table core.decision as from (values
			('d1', 'okta', '2026-05-01'::timestamp, 'okta:u1', 'okta:g1', 'approve', 'u9'),
			('d2', 'okta', '2026-05-03'::timestamp, 'okta:u1', 'okta:g1', 'deny', 'u9'),
			('d3', 'okta', '2026-05-02'::timestamp, 'okta:u1', 'okta:g1', 'approve', 'nobody'),
			('d4', 'hand', '2026-05-02'::timestamp, 'okta:u1', 'okta:g2', 'deny', 'BO@x.example'),
			('d5', 'hand', null, 'okta:u1', 'okta:g3', 'deny', null)) as t(decision_id, source, decided_at, account_id, entitlement_id, decision, reviewer)`); err != nil {
		t.Fatal(err)
	}
	got, err := rulings(t.Context(), db)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if r := got[[2]string{"okta:u1", "okta:g1"}]; r.decision != "deny" || r.person != "hr:9" || r.source != "okta" || r.at.Day() != 3 {
		t.Errorf("g1: %+v", r)
	}
	if r := got[[2]string{"okta:u1", "okta:g2"}]; r.decision != "deny" || r.person != "hr:9" || r.source != "hand" {
		t.Errorf("g2: %+v", r)
	}
}

// TestChoose picks by id, and leaves out what a reviewer is asked about.
func TestChoose(t *testing.T) {
	recs := []access.Recommendation{{RecommendationID: "aa1"}, {RecommendationID: "ab2"}, {RecommendationID: "bb3"}}
	for _, test := range []struct {
		only, asked, want, left []string
	}{
		{nil, nil, []string{"aa1", "ab2", "bb3"}, nil},
		{nil, []string{"ab2"}, []string{"aa1", "bb3"}, []string{"ab2"}},
		{[]string{"ab"}, []string{"ab2"}, []string{"ab2"}, nil},
		{[]string{"a"}, nil, []string{"aa1", "ab2"}, nil},
	} {
		out, left, err := choose(recs, test.only, test.asked)
		var ids []string
		for _, r := range out {
			ids = append(ids, r.RecommendationID)
		}
		if err != nil || !slices.Equal(ids, test.want) || !slices.Equal(left, test.left) {
			t.Errorf("%v, %v: %v, %v, %v", test.only, test.asked, ids, left, err)
		}
	}
	for _, only := range [][]string{{"zz"}, {"aa", "zz"}, {""}} {
		if _, _, err := choose(recs, only, nil); err == nil {
			t.Errorf("%v was found", only)
		}
	}
}

// TestOktaScopes asks for the areas that a plan touches, and for writing only
// where something is written.
func TestOktaScopes(t *testing.T) {
	read := func(path string) []access.Condition { return []access.Condition{{Path: path}} }
	p := &access.Plan{Operations: []access.Operation{
		{Source: "okta", Request: access.Request{Path: "/api/v1/groups/g1/users/u1"}, Preconditions: read("/api/v1/users/u1/groups"), Verify: read("/api/v1/apps/a1/users/u1")},
		{Source: "okta", Request: access.Request{Path: "/api/v1/users/u1/roles/r1"}, Preconditions: read("/api/v1/users/u1/roles")},
		{Source: "other", Request: access.Request{Path: "/api/v1/apps/a1/users/u1"}},
		{Source: "okta", Request: access.Request{Path: "/governance/api/v1/campaigns"}, Probe: &access.Probe{Path: "/governance/api/v1/campaigns?filter=x"}},
	}}
	want := []string{"okta.apps.read", "okta.governance.accessCertifications.manage", "okta.governance.accessCertifications.read", "okta.groups.manage",
		"okta.roles.manage", "okta.roles.read", "okta.users.read"}
	if got := oktaScopes("okta", p); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestTenants opens what can be changed, and leaves to the plan's refusal what is
// not configured.
func TestTenants(t *testing.T) {
	s := &site{&config.Config{DataDir: t.TempDir(), Sources: config.Sources{
		{Name: "files", Type: "okta", Dir: "x", OrgURL: "https://acme.example"}, {Name: "hr", Type: "workday", URL: "https://hr.example"}}}}
	for source, ok := range map[access.SourceName]bool{"files": false, "hr": false, "unknown": true} {
		got, err := s.tenants(&access.Plan{Tenants: []access.PlanTenant{{Source: source, Tenant: "t"}}})
		if (err == nil) != ok || ok && len(got) != 0 {
			t.Errorf("%s: %v, %v", source, got, err)
		}
	}
}
