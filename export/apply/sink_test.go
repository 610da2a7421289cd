package apply_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"winnow/export"
	"winnow/export/apply"
	"winnow/export/auth0"
	"winnow/export/entra"
	"winnow/export/internal/sample"
	"winnow/export/okta"
	"winnow/export/ping"
	"winnow/export/scim"
	"winnow/internal/access"
)

// TestRandomEdits draws what the planner may find about people of two live
// platforms, and lets the sinks write it: single edits, apps that are held by
// several groups, the same group wanted for two reasons, grants, and what cannot
// be undone. The circle is that of TestRandomPlans.
func TestRandomEdits(t *testing.T) {
	plans := plansOf(200)
	var c counts
	for n := range uint64(plans) {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld(t, 5000+n)
			rng := rand.New(rand.NewPCG(n, 17))
			state := w.pull()
			c.add(w.circleOf(state, sinkEdits(t, rng, state), rng, n%4 != 0))
		})
	}
	t.Logf("%+v", c)
	if c.Lost == 0 || c.Doubt == 0 || c.ByState == 0 || c.Kept == 0 || c.NotDone == 0 {
		t.Errorf("the weather was not bad enough to show anything: %+v", c)
	}
}

// A finding is a recommendation with its edits, and what differs when it is
// carried out, and after it was taken back.
type finding struct {
	rec         access.Recommendation
	then, later []string
}

// find makes a finding of edits, all of one account.
func find(source access.SourceName, user, entitlement, kind string, action access.Action, edits ...access.Edit) finding {
	f := finding{rec: sample.Revoke(source, user, entitlement, kind, entitlement)}
	f.rec.Action = action
	f.rec.AsOf, f.rec.ExportFrom = noon, "2026-05-01"
	verdict := access.RemovalEdit
	if action == access.Grant {
		verdict = access.RemovalGive
	}
	for i := range edits {
		edits[i].AccountID = string(source) + ":" + user
		edits[i].TargetID = string(source) + ":" + edits[i].TargetID
	}
	f.rec.RecommendationID = access.Digest([]byte(string(action) + user + "/" + entitlement))[:16]
	f.rec.Removability, _ = json.Marshal(access.Removal{Verdict: verdict, Edits: edits}) // plain fields
	return f
}

// drawFinding draws what is true of the state, or reports that the draw was in
// vain.
func drawFinding(rng *rand.Rand, state map[string]bool) (f finding, ok bool) {
	u := rng.IntN(people)
	has := func(format string, args ...any) bool { return state[fmt.Sprintf(format, args...)] }
	user, person := fmt.Sprintf("u%d", u), fmt.Sprintf("e%d", u)
	if rng.IntN(3) == 0 {
		return drawElsewhere(rng, u, has), true
	}
	switch rng.IntN(8) {
	case 0: // a group, wanted or not
		g := fmt.Sprintf("g%d", rng.IntN(oktaGroups-1))
		if has("%s %s", g, user) {
			f = find("okta", user, g, "group", access.Revoke, access.Edit{Kind: access.RemoveMember, TargetID: g, Reversible: true})
			f.then = []string{"-" + g + " " + user}
		} else {
			f = find("okta", user, g, "group", access.Grant, access.Edit{Kind: access.AddMember, TargetID: g, Reversible: true})
			f.then = []string{"+" + g + " " + user}
		}
	case 1, 2: // an app that groups give: all of them are left, in any order
		var edits []access.Edit
		for _, g := range rng.Perm(2) {
			if g := fmt.Sprintf("g%d", 3*g); has("%s %s", g, user) {
				edits = append(edits, access.Edit{Kind: access.RemoveMember, TargetID: g, Reversible: true})
				f.then = append(f.then, "-"+g+" "+user)
			}
		}
		then := f.then
		f = find("okta", user, "a0", "app", access.Revoke, edits...)
		f.then = then
		return f, len(edits) > 0
	case 3: // an app of the user's own
		a := fmt.Sprintf("a%d", 1+rng.IntN(oktaApps-1))
		if has("%s %s USER", a, user) {
			f = find("okta", user, a, "app", access.Revoke, access.Edit{Kind: access.RemoveAppUser, TargetID: a})
			f.then = []string{"-" + a + " " + user + " USER"}
			f.later = f.then
		} else {
			f = find("okta", user, a, "app", access.Grant, access.Edit{Kind: access.AddAppUser, TargetID: a, Reversible: true})
			f.then = []string{"+" + a + " " + user + " USER"}
		}
	case 4, 5:
		h := fmt.Sprintf("h%d", rng.IntN(graphGroup))
		if has("%s %s", h, person) {
			f = find("entra", person, h, "group", access.Revoke, access.Edit{Kind: access.RemoveMember, TargetID: h, Reversible: true})
			f.then = []string{"-" + h + " " + person}
		} else {
			f = find("entra", person, h, "group", access.Grant, access.Edit{Kind: access.AddMember, TargetID: h, Reversible: true})
			f.then = []string{"+" + h + " " + person}
		}
	case 6:
		f = find("entra", person, "s0/role0", "app_role", access.Revoke,
			access.Edit{Kind: access.RemoveAppRole, TargetID: "s0/role0", NativeRef: fmt.Sprintf("as%d", u), Reversible: true})
		f.then = []string{"-s0 " + person + " role0"}
		return f, has("s0 %s role0", person)
	default:
		f = find("entra", person, "s0/role1", "app_role", access.Grant, access.Edit{Kind: access.AddAppRole, TargetID: "s0/role1", Reversible: true})
		f.then = []string{"+s0 " + person + " role1"}
		return f, !has("s0 %s role1", person)
	}
	return f, true
}

// drawElsewhere draws an edit of one of the other platforms, which is held, or
// else given.
func drawElsewhere(rng *rand.Rand, u int, has func(string, ...any) bool) finding {
	var source access.SourceName
	var user, target, fact string
	remove, give := access.RemoveMember, access.AddMember
	kind := "group"
	switch rng.IntN(4) {
	case 0:
		source, user, target = "scim", fmt.Sprintf("m%d", u), fmt.Sprintf("k%d", rng.IntN(3))
		fact = target + " " + user
	case 1:
		source, user, target, kind = "scim", fmt.Sprintf("m%d", u), "role/auditor", "app_role"
		fact, remove, give = user+" role auditor", access.RemoveValue, access.AddValue
	case 2:
		source, user, target = "ping", fmt.Sprintf("v%d", u), fmt.Sprintf("q%d", rng.IntN(2))
		fact = target + " " + user
	default:
		source, user, target, kind = "auth0", fmt.Sprintf("auth0|%d", u), fmt.Sprintf("rol_%d", rng.IntN(2)), "app_role"
		fact, remove, give = target+" "+user, access.RemoveRole, access.AddRole
	}
	if has("%s", fact) {
		f := find(source, user, target, kind, access.Revoke, access.Edit{Kind: remove, TargetID: target, Reversible: true})
		f.then = []string{"-" + fact}
		return f
	}
	f := find(source, user, target, kind, access.Grant, access.Edit{Kind: give, TargetID: target, Reversible: true})
	f.then = []string{"+" + fact}
	return f
}

// sinks are those of all platforms.
func sinks(t *testing.T) []export.Sink {
	t.Helper()
	org, errOkta := okta.NewEdit(okta.EditConfig{Source: "okta", OrgURL: names["okta"]})
	directory, errEntra := entra.NewEdit(entra.EditConfig{Source: "entra", TenantID: names["entra"]})
	provider, errSCIM := scim.New(scim.Config{Source: "scim", BaseURL: names["scim"]})
	environment, errPing := ping.New(ping.Config{Source: "ping", EnvironmentID: names["ping"]})
	tenant, errAuth0 := auth0.New(auth0.Config{Source: "auth0", URL: names["auth0"]})
	if err := errors.Join(errOkta, errEntra, errSCIM, errPing, errAuth0); err != nil {
		t.Fatal(err)
	}
	return []export.Sink{org, directory, provider, environment, tenant}
}

// sinkEdits draws findings and lets the sinks write them.
func sinkEdits(t *testing.T, rng *rand.Rand, state map[string]bool) []edit {
	t.Helper()
	byID := map[string]finding{}
	var recs []access.Recommendation
	for range 1 + rng.IntN(12) {
		f, ok := drawFinding(rng, state)
		if _, known := byID[f.rec.RecommendationID]; !ok || known {
			continue
		}
		byID[f.rec.RecommendationID] = f
	}
	byID = sensible(byID)
	for _, f := range byID { // in any order: Build sorts
		recs = append(recs, f.rec)
	}
	p, err := export.Build(export.Header{RunID: "run-1", AsOf: noon, DataDigest: "d", IncludeIrreversible: true}, recs, export.Directory{}, sinks(t)...)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Notes)+len(p.Omitted) > 0 || p.Recommendations() != len(recs) {
		t.Fatalf("the sinks left out %+v, %+v", p.Notes, p.Omitted)
	}
	apply.Prepare(&p, rng.IntN(4))
	var edits []edit
	for _, o := range p.Operations {
		e := edit{op: o}
		for _, id := range o.RecommendationIDs {
			e.then, e.later = append(e.then, byID[id].then...), append(e.later, byID[id].later...)
		}
		edits = append(edits, e)
	}
	return edits
}

// sensible leaves out grants of a group that opens a0 to whoever is to lose that
// app: no planner advises both.
func sensible(all map[string]finding) map[string]finding {
	loses := map[string]bool{}
	for _, f := range all {
		if f.rec.EntitlementID == "okta:a0" {
			loses[f.rec.AccountID] = true
		}
	}
	out := map[string]finding{}
	for id, f := range all {
		opens := f.rec.EntitlementID == "okta:g0" || f.rec.EntitlementID == "okta:g3"
		if f.rec.Action != access.Grant || !opens || !loses[f.rec.AccountID] {
			out[id] = f
		}
	}
	return out
}
