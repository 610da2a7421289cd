package entra_test

import (
	"net/http"
	"strings"
	"testing"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

// The ids of the samples.
const (
	alice = "11111111-0000-4000-8000-000000000001"
	group = "22222222-0000-4000-8000-000000000002"
	child = "22222222-0000-4000-8000-000000000003"
	app   = "33333333-0000-4000-8000-000000000004"
	role  = "44444444-0000-4000-8000-000000000005"
	pack  = "55555555-0000-4000-8000-000000000006"
	given = "66666666-0000-4000-8000-000000000007"
	rules = "77777777-0000-4000-8000-000000000008"
)

// edited are all the edits of an Entra tenant, and what is none.
func edited() []access.Recommendation {
	r := func(user, id, kind, name string) access.Recommendation {
		return sample.Revoke("entra", user, id, kind, name)
	}
	none := []access.Effect(nil)
	return []access.Recommendation{
		sample.Planned(r(alice, group, "group", "Ledger 100 %s"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r(alice, group+"1", "group", "Parents"), access.RemovalEdit, []access.Effect{{Step: 1, AccountID: "entra:" + alice, EntitlementID: "entra:" + child, Name: "Children"}},
			access.Edit{Kind: access.RemoveMember, TargetID: "entra:" + child, TargetName: "Children", TargetKind: "group"}),
		sample.Planned(r(alice, app+"/"+role, "app_role", "Berths: Planner"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveAppRole, NativeRef: "x1-_Ab"}),
		sample.Planned(r(alice, app, "app", "Vault"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveAppRole, NativeRef: "x2"}),
		sample.Planned(r(alice, role, "directory_role", "Reports Reader"), access.RemovalEdit, none,
			access.Edit{Kind: access.RemoveRole, NativeRef: "y1", Scope: "/administrativeUnits/1", Privileged: true}, access.Edit{Kind: access.RemoveEligibility, NativeRef: "z1", Scope: "/", Privileged: true}),
		sample.Planned(r(alice, child, "group", "Starters"), access.RemovalEdit, []access.Effect{{Step: 1, AccountID: "entra:" + alice, EntitlementID: "entra:" + pack, Name: "Starter"}},
			access.Edit{Kind: access.RemovePackage, ViaID: "entra:" + pack, ViaName: "50 % “off”", NativeRef: given, Scope: rules}),
		sample.Planned(r(alice, group+"2", "group", "New"), access.RemovalGive, none, access.Edit{Kind: access.AddMember}),
		sample.Planned(r(alice, app+"/"+child, "app_role", "Berths: Pilot"), access.RemovalGive, none, access.Edit{Kind: access.AddAppRole}),
		sample.Planned(r(alice, group+"3", "group", "From AD"), access.RemovalOwner, none, access.Edit{Kind: access.AskOwner, Mastering: "synced"}),
		sample.Planned(r("../../users", group, "group", "Ledger"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r(alice, "..", "group", "Ledger"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r(alice, role+"9", "directory_role", "Without a scope"), access.RemovalEdit, none, access.Edit{Kind: access.RemoveRole, NativeRef: "y9"}),
	}
}

func editPlan(t *testing.T, recs ...access.Recommendation) access.Plan {
	t.Helper()
	s, err := entra.NewEdit(entra.EditConfig{Source: "entra", TenantID: "tenant-1"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, recs, export.Directory{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEditGolden(t *testing.T) {
	p := editPlan(t, edited()...)
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/edit.golden.json", data)
}

// TestEditSpecification holds every request, and every condition, against Graph's
// document. What a request for a package says of the assignment is open there.
func TestEditSpecification(t *testing.T) {
	doc := apispec.Load(t, "graph-v1.0-trimmed.yaml.gz")
	p := editPlan(t, edited()...)
	if len(p.Operations) != 9 {
		t.Errorf("%d operations", len(p.Operations))
	}
	check := func(r access.Request) {
		var ok bool
		if r.Path, ok = strings.CutPrefix(r.Path, "/v1.0"); !ok {
			t.Errorf("%s is not of v1.0", r.Path)
		}
		apispec.Request(t, doc, r, ".assignment.targetId", ".assignment.assignmentPolicyId", ".assignment.accessPackageId")
	}
	for _, o := range p.Operations {
		for _, r := range append([]access.Request{o.Request}, o.Inverse...) {
			check(r)
		}
		for _, c := range append(o.Preconditions, o.Verify...) {
			check(access.Request{Method: "GET", Path: c.Path})
		}
	}
}

// TestMemberIsAReference demands /$ref of every DELETE of a member that the sink
// writes, and that no plan takes one without it.
func TestMemberIsAReference(t *testing.T) {
	members := 0
	for _, o := range editPlan(t, edited()...).Operations {
		for _, r := range append([]access.Request{o.Request}, o.Inverse...) {
			if r.Method != http.MethodDelete || !strings.Contains(r.Path, "/members/") {
				continue
			}
			members++
			if !strings.HasSuffix(r.Path, "/$ref") {
				t.Errorf("%s would delete the user", r.Path)
			}
			bare := editPlan(t, edited()[0])
			bare.Operations[0].Path = strings.TrimSuffix(bare.Operations[0].Path, "/$ref")
			if err := bare.Seal(); err == nil || !strings.Contains(err.Error(), "/$ref") {
				t.Errorf("a plan holds %s: %v", bare.Operations[0].Path, err)
			}
		}
	}
	if members != 3 {
		t.Errorf("%d members, of which one by an inverse", members)
	}
}

// TestEditConfigFaults names what is missing.
func TestEditConfigFaults(t *testing.T) {
	for _, c := range []entra.EditConfig{{}, {Source: "e"}, {Source: "e", TenantID: "t", GraphURL: "graph"}} {
		if _, err := entra.NewEdit(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}
