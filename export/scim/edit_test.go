package scim_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/export"
	"winnow/export/internal/sample"
	"winnow/export/scim"
	"winnow/internal/access"
)

const (
	user  = "2819c223-7f76-453a-919d-413861904646"
	group = "e9e30dba-f08f-4109-8486-d5c6a331660a"
)

func edited() []access.Recommendation {
	r := func(id, kind, name string) access.Recommendation { return sample.Revoke("hr", user, id, kind, name) }
	return []access.Recommendation{
		sample.Planned(r(group, "group", "Tour Guides"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r("role/auditor", "app_role", "Auditor"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveValue}),
		sample.Planned(r("entitlement/a b", "app_role", "A B"), access.RemovalGive, nil, access.Edit{Kind: access.AddValue}),
		sample.Planned(r("g2", "group", "Employees"), access.RemovalGive, nil, access.Edit{Kind: access.AddMember}),
		sample.Planned(r(`role/x"] or [value ne "`, "app_role", "Hostile"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveValue}),
		sample.Planned(r("g3/members", "group", "Hostile"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(sample.Revoke("hr", `u" or "`, group, "group", "Tour Guides"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveMember}),
	}
}

func plan(t *testing.T) access.Plan {
	t.Helper()
	s, err := scim.New(scim.Config{Source: "hr", BaseURL: "https://acme.example/scim/v2/"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, edited(), export.Directory{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGolden(t *testing.T) {
	p := plan(t)
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/edit.golden.json", data)
	if len(p.Operations) != 4 || len(p.Omitted) != 3 {
		t.Errorf("%d operations, left out %+v", len(p.Operations), p.Omitted)
	}
}

// document reads a document of the RFCs, which are not part of this repository.
func document(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../shared/data/specs/scim/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shape is a JSON document with its texts replaced, but for those that mean
// something to the protocol.
func shape(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return blank(v)
}

func blank(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			x[k] = blank(x[k])
		}
		delete(x, "display")
		delete(x, "$ref")
		return x
	case []any:
		for i := range x {
			x[i] = blank(x[i])
		}
		return x
	case string:
		if before, _, ok := strings.Cut(x, `"`); ok {
			return before + `"…"]`
		}
		if strings.HasPrefix(x, "urn:") || x == "add" || x == "remove" || x == "members" {
			return x
		}
		return "…"
	}
	return v
}

// TestSpecification compares the messages with those that RFC 7644 prints.
func TestSpecification(t *testing.T) {
	for _, o := range plan(t).Operations {
		if !strings.HasPrefix(o.Path, "/Groups/") {
			continue
		}
		take, give := o.Body, o.Inverse[0].Body
		if o.Kind == access.OperationGrant {
			take, give = give, take
		}
		for name, body := range map[string][]byte{"rfc7644-3.5.2.2-patch_op-remove_one_member.json": take, "rfc7644-3.5.2.1-patch_op-add_members.json": give} {
			if d := cmp.Diff(shape(t, document(t, name)), shape(t, body)); d != "" {
				t.Errorf("%s (-rfc +ours):\n%s", name, d)
			}
		}
	}
	s, err := scim.Describe(document(t, "rfc7643-8.5-service_provider_configuration.json"))
	if err != nil || !s.Patch || !s.Bulk || s.MaxOperations != 1000 || s.MaxPayloadSize != 1048576 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestNoRemovalWithoutAFilter demands that a plan with a message that would empty
// the list does not seal.
func TestNoRemovalWithoutAFilter(t *testing.T) {
	for _, path := range []string{`"members"`, `""`, `"members.value"`, `"urn:ietf:params:scim:schemas:core:2.0:Group:members"`} {
		p := plan(t)
		p.Operations[0].Body = json.RawMessage(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Remove","path":` + path + `,"value":[{"value":"u1"}]}]}`)
		if err := p.Seal(); err == nil {
			t.Errorf("a plan holds a removal of %s", path)
		}
	}
}

func TestService(t *testing.T) {
	s, err := scim.Describe([]byte(`{"patch":{"supported":false},"bulk":{"supported":false,"maxOperations":5}}`))
	if err != nil || s.Patch || s.Bulk {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := scim.New(scim.Config{Source: "hr", BaseURL: "https://acme.example", Service: &s}); err == nil || access.HintOf(err) == "" {
		t.Errorf("a provider without PATCH was taken: %v", err)
	}
	if _, err := s.Pack([]access.Request{{}}); err == nil {
		t.Error("packed for a provider that takes no bulk requests")
	}
	if _, err := scim.Describe([]byte(`{"error":"x"}`)); err == nil {
		t.Error("an error was read as a configuration")
	}
}

// TestPackKeepsTheBounds packs many requests under both bounds, in their order.
func TestPackKeepsTheBounds(t *testing.T) {
	var all []access.Request
	for range 23 {
		all = append(all, plan(t).Operations[0].Request)
	}
	for _, s := range []scim.Service{{Bulk: true, MaxOperations: 5}, {Bulk: true, MaxOperations: 100, MaxPayloadSize: 1000}} {
		packed, err := s.Pack(all)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range packed {
			var b struct{ Operations []any }
			if err := json.Unmarshal(r.Body, &b); err != nil {
				t.Fatal(err)
			}
			n += len(b.Operations)
			if len(b.Operations) > s.MaxOperations || s.MaxPayloadSize > 0 && len(r.Body) > s.MaxPayloadSize {
				t.Errorf("%d requests in %d bytes", len(b.Operations), len(r.Body))
			}
		}
		if n != len(all) {
			t.Errorf("%d of %d requests", n, len(all))
		}
	}
	if _, err := (scim.Service{Bulk: true, MaxOperations: 1, MaxPayloadSize: 10}).Pack(all); err == nil {
		t.Error("packed what is larger than the provider takes")
	}
}
