//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"winnow/export"
	exportokta "winnow/export/okta"
	exportscim "winnow/export/scim"
	"winnow/internal/access"
)

// The edits that winnow writes, and what undoes them, are sent to servers that
// others wrote, and looked at there by plain requests.

// recommended is a firm revoke, with what the planner found.
func recommended(t *testing.T, source access.SourceName, user, id, kind string, edit access.Edit) access.Recommendation {
	t.Helper()
	edit.AccountID, edit.TargetID, edit.TargetKind, edit.Reversible = string(source)+":"+user, string(source)+":"+id, kind, true
	raw, err := json.Marshal(access.Removal{Verdict: access.RemovalEdit, Edits: []access.Edit{edit}})
	if err != nil {
		t.Fatal(err)
	}
	return access.Recommendation{RecommendationID: user + "-" + id, Action: access.Revoke, Confidence: access.High, Score: 0.9, Source: source,
		AccountID: edit.AccountID, EntitlementID: edit.TargetID, EntitlementKind: kind, Removability: raw}
}

// planned is the plan of one sink.
func planned(t *testing.T, s export.Sink, err error, recs ...access.Recommendation) access.Plan {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build(export.Header{RunID: "r1", DataDigest: "d1", IncludeIrreversible: true}, recs, export.Directory{}, s)
	if err != nil || len(p.Operations) != len(recs) {
		t.Fatalf("%d operations, left out %+v, %v", len(p.Operations), p.Omitted, err)
	}
	return p
}

// asked sends a request and returns the answer, which must be a good one.
func asked(t *testing.T, base, credential string, r access.Request) []byte {
	t.Helper()
	q, err := http.NewRequestWithContext(context.Background(), r.Method, base+r.Path, strings.NewReader(string(r.Body)))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", credential)
	q.Header.Set("Accept", "application/scim+json, application/json")
	if r.Body != nil {
		q.Header.Set("Content-Type", "application/json")
		if strings.Contains(base, "/scim/") {
			q.Header.Set("Content-Type", "application/scim+json")
		}
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s %v", r.Method, r.Path, a.Status, body, err)
	}
	return body
}

// members are the ids behind a list of Okta's.
func members(t *testing.T, base, path string) []string {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal(asked(t, base, "SSWS t1", access.Request{Method: "GET", Path: path}), &list); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestOktaEdits takes a user out of a group and takes an app from another, and
// undoes the first, in the emulator. It knows neither group rules nor the scope
// of an app's user, so that the conditions on these are left to our own fake.
func TestOktaEdits(t *testing.T) {
	base := emulator(t, org())
	s, err := exportokta.NewEdit(exportokta.EditConfig{Source: "o", OrgURL: base})
	p := planned(t, s, err, recommended(t, "o", "00u007", "00g000", "group", access.Edit{Kind: access.RemoveMember}),
		recommended(t, "o", "00u008", "0oa008", "app", access.Edit{Kind: access.RemoveAppUser}))
	group, app := "/api/v1/groups/00g000/users", "/api/v1/apps/0oa008/users"
	in, has := members(t, base, group), members(t, base, app)
	if !slices.Contains(in, "00u007") || !slices.Contains(has, "00u008") {
		t.Fatalf("before: %v, %v", in, has)
	}
	for _, o := range p.Operations {
		asked(t, base, "SSWS t1", o.Request)
	}
	without := func(list []string, id string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == id })
	}
	if got := members(t, base, group); !slices.Equal(got, without(in, "00u007")) {
		t.Errorf("the group has %v, want all but 00u007", got)
	}
	if got := members(t, base, app); !slices.Equal(got, without(has, "00u008")) {
		t.Errorf("the app has %v, want all but 00u008", got)
	}
	for _, o := range p.Operations {
		for _, r := range o.Inverse {
			asked(t, base, "SSWS t1", r)
		}
	}
	if got := members(t, base, group); !slices.Equal(got, in) {
		t.Errorf("after the undoing the group has %v, want %v", got, in)
	}
}

// TestOktaGrant makes a user a member in the emulator and takes it back. It has
// no way to assign an app to a user with POST, as the platform does.
func TestOktaGrant(t *testing.T) {
	base := emulator(t, org())
	s, err := exportokta.NewEdit(exportokta.EditConfig{Source: "o", OrgURL: base})
	rec := recommended(t, "o", "00u003", "00g000", "group", access.Edit{Kind: access.AddMember})
	rec.Action = access.Grant
	rec.Removability = json.RawMessage(strings.Replace(string(rec.Removability), `"verdict":"remove"`, `"verdict":"give"`, 1))
	o := planned(t, s, err, rec).Operations[0]
	group := "/api/v1/groups/00g000/users"
	before := members(t, base, group)
	asked(t, base, "SSWS t1", o.Request)
	if got := members(t, base, group); !slices.Contains(got, "00u003") || len(got) != len(before)+1 {
		t.Errorf("the group has %v", got)
	}
	asked(t, base, "SSWS t1", o.Inverse[0])
	if got := members(t, base, group); !slices.Equal(got, before) {
		t.Errorf("after the undoing the group has %v, want %v", got, before)
	}
}

// TestSCIMEdits takes one member out of a group at the provider, and puts the
// member back; the other members stay throughout.
func TestSCIMEdits(t *testing.T) {
	base := provider(t, directory(), "t1", "10")
	config := asked(t, base, "Bearer t1", access.Request{Method: "GET", Path: "/ServiceProviderConfig"})
	service, err := exportscim.Describe(config)
	if err != nil || !service.Patch {
		t.Fatalf("%s: %+v, %v", config, service, err)
	}
	s, err := exportscim.New(exportscim.Config{Source: "s", BaseURL: base, Service: &service})
	o := planned(t, s, err, recommended(t, "s", "u04", "h03", "group", access.Edit{Kind: access.RemoveMember})).Operations[0]
	in := func() []string {
		var g struct{ Members []struct{ Value string } }
		if err := json.Unmarshal(asked(t, base, "Bearer t1", access.Request{Method: "GET", Path: "/Groups/h03"}), &g); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, m := range g.Members {
			ids = append(ids, m.Value)
		}
		slices.Sort(ids)
		return ids
	}
	if got := in(); !slices.Equal(got, []string{"u03", "u04", "u05"}) {
		t.Fatalf("before: %v", got)
	}
	asked(t, base, "Bearer t1", o.Request)
	if got := in(); !slices.Equal(got, []string{"u03", "u05"}) {
		t.Errorf("after: %v", got)
	}
	asked(t, base, "Bearer t1", o.Inverse[0])
	if got := in(); !slices.Equal(got, []string{"u03", "u04", "u05"}) {
		t.Errorf("after the undoing: %v", got)
	}
}
