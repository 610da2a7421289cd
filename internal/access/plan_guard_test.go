package access_test

import (
	"encoding/json"
	"strings"
	"testing"

	"winnow/internal/access"
)

const patch = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%]}`

// forbidden are requests in every spelling that a server could understand.
var forbidden = []access.Request{
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1"},
	{Method: "DELETE", Path: "/groups/g1/members/u1"},
	{Method: "DELETE", Path: "/beta/groups/g1/members/u1/microsoft.graph.user"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1?x=/$ref"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/Members/u1"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/%6dembers/u1"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members('u1')"},
	{Method: "DELETE", Path: "/v1.0/groups('g1')/members/u1"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1/$ref/x"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1/$ref/.."},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1/"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members%2Fu1"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1#/$ref"},
	{Method: "DELETE", Path: "/v1.0/directoryRoles/r1/members/u1"},
	{Method: "DELETE", Path: "/v1.0/groups/g1/owners/u1"},
	{Method: "DELETE", Path: "/v1.0/users/u1"},
	{Method: "DELETE", Path: "/v1.0/users('u1')"},
	{Method: "DELETE", Path: "/v1.0/directoryObjects/u1"},
	{Method: "DELETE", Path: "/v1.0/servicePrincipals/s1"},
	{Method: "DELETE", Path: "/api/v1/users/u1"},
	{Method: "DELETE", Path: "/api/v1/groups/g1"},
	{Method: "DELETE", Path: "/api/v2/users/u1"},
	{Method: "DELETE", Path: "/scim/v2/Users/u1"},
	{Method: "DELETE", Path: "/v1/environments/e1/users/u1"},
	{Method: "POST", Path: "/v1.0/$batch"},
	{Method: "GET", Path: "/v1.0/groups"},
	{Method: "delete", Path: "/v1.0/groups/g1/members/u1/$ref"},
	{Method: "PATCH", Path: "/Groups/g1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"remove","path":"members"}`, 1))},
	{Method: "PATCH", Path: "/Groups/g1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"Remove","path":"members","value":[{"value":"u1"}]}`, 1))},
	{Method: "PATCH", Path: "/Groups/g1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"remove"}`, 1))},
	{Method: "PATCH", Path: "/Groups/g1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"remove","path":"urn:ietf:params:scim:schemas:core:2.0:Group:members"}`, 1))},
	{Method: "POST", Path: "/Bulk", Body: json.RawMessage(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"PATCH","path":"/Groups/g1","data":` +
		strings.Replace(patch, "%", `{"op":"remove","path":"members"}`, 1) + `}]}`)},
}

// TestNoPlanHolds tries requests that must not be constructible, as requests and
// as inverses.
func TestNoPlanHolds(t *testing.T) {
	for _, r := range forbidden {
		if r.Check() == nil {
			t.Errorf("%s %s %s passes", r.Method, r.Path, r.Body)
		}
		p := samplePlan()
		p.Operations[0].Request = r
		if p.Seal() == nil {
			t.Errorf("%s %s is in a plan", r.Method, r.Path)
		}
		p = samplePlan()
		p.Operations[0].Inverse[0] = r
		if p.Seal() == nil {
			t.Errorf("%s %s undoes something", r.Method, r.Path)
		}
	}
	for _, r := range []access.Request{
		{Method: "DELETE", Path: "/v1.0/groups/g1/members/u1/$ref"},
		{Method: "DELETE", Path: "/v1.0/groups/g1/members('u1')/$ref"},
		{Method: "DELETE", Path: "/api/v1/groups/g1/users/u1"},
		{Method: "DELETE", Path: "/api/v1/apps/a1/users/u1"},
		{Method: "DELETE", Path: "/v1.0/servicePrincipals/s1/appRoleAssignedTo/a1"},
		{Method: "DELETE", Path: "/governance/api/v1/campaigns/{answer.id}"},
		{Method: "POST", Path: "/v1.0/groups/g1/members/$ref", Body: json.RawMessage(`{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/u1"}`)},
		{Method: "PATCH", Path: "/Groups/g1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"remove","path":"members[value eq \"u1\"]"}`, 1))},
		{Method: "PATCH", Path: "/Users/u1", Body: json.RawMessage(strings.Replace(patch, "%", `{"op":"remove","path":"title"}`, 1))},
	} {
		if err := r.Check(); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.Path, err)
		}
	}
}

// change is an operation that changes access.
func change() access.Operation {
	return access.Operation{
		Kind: access.OperationRemove, Sink: "okta_groups", Source: "okta", Tenant: "https://acme.example",
		Request: access.Request{Method: "DELETE", Path: "/api/v1/groups/g1/users/u1"},
		Subject: &access.Subject{IdentityID: "i1", AccountID: "okta:u1", EntitlementID: "okta:g1"}, Reversible: true,
		Inverse: []access.Request{{Method: "PUT", Path: "/api/v1/groups/g1/users/u1"}},
		Preconditions: []access.Condition{{Text: "u1 is in g1", Path: "/api/v1/groups/g1/users?limit=1000", List: access.WholeAnswer,
			Where: []access.Field{{Key: "id", Value: "u1"}}, Want: access.Present}},
		Verify: []access.Condition{{Text: "u1 is not in g1", Path: "/api/v1/groups/g1/users?limit=1000", List: access.WholeAnswer,
			Where: []access.Field{{Key: "id", Value: "u1"}}, Want: access.Absent}},
	}
}

// TestSealRefusesChanges spoils what an operation that changes access must have.
func TestSealRefusesChanges(t *testing.T) {
	p := access.Plan{Operations: []access.Operation{change()}}
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*access.Operation){
		"kind":           func(o *access.Operation) { o.Kind = "delete" },
		"no kind":        func(o *access.Operation) { o.Kind = "" },
		"subject":        func(o *access.Operation) { o.Subject = nil },
		"account":        func(o *access.Operation) { o.Subject.AccountID = "" },
		"preconditions":  func(o *access.Operation) { o.Preconditions = nil },
		"verify":         func(o *access.Operation) { o.Verify = nil },
		"text":           func(o *access.Operation) { o.Verify[0].Text = " " },
		"want":           func(o *access.Operation) { o.Verify[0].Want = "" },
		"whole list":     func(o *access.Operation) { o.Verify[0].Where = nil },
		"field":          func(o *access.Operation) { o.Verify[0].Where[0].Key = "" },
		"condition path": func(o *access.Operation) { o.Preconditions[0].Path = "https://evil.example/" },
		"lost":           func(o *access.Operation) { o.Reversible, o.Inverse = false, nil },
		"after":          func(o *access.Operation) { o.After = []string{"op-1"} },
		"wave":           func(o *access.Operation) { o.Wave = -1 },
	} {
		p := access.Plan{Operations: []access.Operation{change()}}
		spoil(&p.Operations[0])
		if p.Seal() == nil {
			t.Errorf("sealed an operation with a bad %s", name)
		}
	}
}

// TestAfter wants an operation behind what it needs, in a wave that is no earlier.
func TestAfter(t *testing.T) {
	first, second := change(), change()
	id, err := access.OperationID(first.Tenant, first.Request)
	if err != nil {
		t.Fatal(err)
	}
	second.Path, second.After = "/api/v1/groups/g2/users/u1", []string{id}
	for name, test := range map[string]struct {
		operations  []access.Operation
		first, then int
		ok          bool
	}{
		"in order":      {[]access.Operation{first, second}, 1, 2, true},
		"in one wave":   {[]access.Operation{first, second}, 1, 1, true},
		"before":        {[]access.Operation{second, first}, 1, 1, false},
		"earlier waves": {[]access.Operation{first, second}, 2, 1, false},
	} {
		p := access.Plan{Operations: test.operations}
		p.Operations[0].Wave, p.Operations[1].Wave = test.first, test.then
		if err := p.Seal(); (err == nil) != test.ok || test.ok && p.Operations[0].ID != id {
			t.Errorf("%s: %v, %s", name, err, p.Operations[0].ID)
		}
	}
}
