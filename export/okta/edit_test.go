package okta_test

import (
	"strings"
	"testing"

	"winnow/export"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/export/okta"
	"winnow/internal/access"
)

// edited are all the edits of an Okta org, and what is none.
func edited() []access.Recommendation {
	r := func(user, id, kind, name string) access.Recommendation {
		return sample.Revoke("okta", user, id, kind, name)
	}
	none := []access.Effect(nil)
	rule := sample.Planned(r("00uERIN", "00gVPN", "group", "VPN Users"), access.RemovalRule, none, access.Edit{Kind: access.AskRule, ViaID: "okta:0pr1",
		ViaName: "Everybody in Sales", Owner: "Noor Haddad", Proposal: "exclude", Expression: `user.department=="Sales"`,
		Proposed: `(user.department=="Sales") AND !(user.login=="erin@acme.example")`})
	rule.Action = access.ChangeRule
	left := rule
	left.RecommendationID, left.ReasonCodes = "left", []access.ClaimCode{"left"}
	return []access.Recommendation{
		sample.Planned(r("00uALICE", "00gLEDGER", "group", "Ledger <b>Editors</b>"), access.RemovalEdit,
			[]access.Effect{{Step: 1, AccountID: "okta:00uALICE", EntitlementID: "okta:0oaLEDGER", Name: "Ledger", Follows: true, Use: "idle"}}, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r("00uBOB", "0oaPAYROLL", "app", "Payroll"), access.RemovalEdit,
			[]access.Effect{{Step: 1, AccountID: "okta:00uBOB", EntitlementID: "okta:00gPAY", Name: "Pay", Use: "unseen"}},
			access.Edit{Kind: access.RemoveMember, TargetID: "okta:00gPAY", TargetName: "Pay", TargetKind: "group"}, access.Edit{Kind: access.RemoveAppUser}),
		sample.Planned(r("00uCAROL", "HELP_DESK_ADMIN", "directory_role", "Help Desk"), access.RemovalEdit, none,
			access.Edit{Kind: access.RemoveAdminRole, NativeRef: "JBCUYUC7IRCVGS27IFCE2SKO", Privileged: true}),
		sample.Planned(r("00uCAROL", "cr0READ/iamSALES", "directory_role", "Readers of Sales"), access.RemovalEdit, none,
			access.Edit{Kind: access.RemoveAdminRole, NativeRef: "ra1CUSTOM", Privileged: true}),
		sample.Planned(r("00uDAVE", "00gHAND", "group", "By hand"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveMember, PassedOver: []string{"okta:0pr7"}}),
		sample.Planned(r("00uDAVE", "00gNEW", "group", "New"), access.RemovalGive, none, access.Edit{Kind: access.AddMember}),
		sample.Planned(r("00uDAVE", "0oaNEW", "app", "New App"), access.RemovalGive, none, access.Edit{Kind: access.AddAppUser}),
		sample.Planned(r("00uFAY", "0oaCRM", "app", "CRM"), access.RemovalEntangled,
			[]access.Effect{{Step: 1, AccountID: "okta:00uFAY", EntitlementID: "okta:0oaMAIL", Name: "Mail", Use: "used"}},
			access.Edit{Kind: access.RemoveMember, TargetID: "okta:00gSUITE", TargetName: "Suite", TargetKind: "group"}),
		sample.Planned(r("00uGUS", "00gAD", "group", "From AD"), access.RemovalOwner, none, access.Edit{Kind: access.AskOwner, Mastering: "imported"}),
		sample.Planned(r("00uHAL", "00gEVERYONE", "group", "Everyone"), access.RemovalFixed, none, access.Edit{Kind: access.AskFixed}),
		rule, left,
		sample.Planned(r("00u/../x", "00gLEDGER", "group", "Ledger Editors"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveMember}),
		r("00uIDA", "00gLEDGER", "group", "Ledger Editors"), // without a planner's verdict
	}
}

func editPlan(t *testing.T, irreversible bool, recs ...access.Recommendation) access.Plan {
	t.Helper()
	s, err := okta.NewEdit(okta.EditConfig{Source: "okta", OrgURL: "https://acme.example/"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1", IncludeIrreversible: irreversible}, recs, export.Directory{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEditGolden(t *testing.T) {
	p := editPlan(t, true, edited()...)
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/edit.golden.json", data)
}

// TestEditSpecification holds every request, and every condition, against
// Okta's own document.
func TestEditSpecification(t *testing.T) {
	doc := apispec.Load(t, "okta-management-2026.06.3.yaml.gz")
	p := editPlan(t, true, edited()...)
	if len(p.Operations) != 8 {
		t.Errorf("%d operations", len(p.Operations))
	}
	for _, o := range p.Operations {
		for _, r := range append([]access.Request{o.Request}, o.Inverse...) {
			apispec.Request(t, doc, r)
		}
		for _, c := range append(o.Preconditions, o.Verify...) {
			apispec.Request(t, doc, access.Request{Method: "GET", Path: c.Path})
		}
	}
}

// TestNoHalfEdit leaves a recommendation out whole where one of its edits cannot
// be undone: the other would leave the access standing.
func TestNoHalfEdit(t *testing.T) {
	p := editPlan(t, false, edited()...)
	for _, o := range p.Operations {
		if !o.Reversible || strings.Contains(o.Path, "00gPAY") {
			t.Errorf("%s %s", o.Method, o.Path)
		}
	}
	full := editPlan(t, true, edited()[1])
	if len(full.Operations) != 2 || len(full.Operations[1].After) != 1 || full.Operations[1].After[0] != full.Operations[0].ID {
		t.Errorf("the app's user does not wait for the group: %+v", full.Operations)
	}
}

// TestSharedEdit makes one request of what two recommendations ask for.
func TestSharedEdit(t *testing.T) {
	leave := access.Edit{Kind: access.RemoveMember, TargetID: "okta:00gPAY", TargetName: "Pay", TargetKind: "group"}
	effect := func(id string) []access.Effect {
		return []access.Effect{{Step: 1, AccountID: "okta:00uBOB", EntitlementID: "okta:00gPAY"}, {Step: 1, AccountID: "okta:00uBOB", EntitlementID: id, Name: id, Use: "idle"}}
	}
	p := editPlan(t, false,
		sample.Planned(sample.Revoke("okta", "00uBOB", "0oaA", "app", "A"), access.RemovalEdit, effect("okta:0oaB"), leave),
		sample.Planned(sample.Revoke("okta", "00uBOB", "0oaB", "app", "B"), access.RemovalEdit, effect("okta:0oaA"), leave))
	if len(p.Operations) != 1 || len(p.Operations[0].RecommendationIDs) != 2 || len(p.Operations[0].Collateral) != 2 || len(p.Operations[0].Verify) != 3 {
		t.Errorf("%+v", p.Operations)
	}
}
