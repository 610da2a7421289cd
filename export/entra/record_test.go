package entra_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/export"
	"winnow/export/apply"
	"winnow/export/entra"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
	"winnow/internal/rest"
)

func built(t *testing.T, recs []access.Recommendation, s export.Sink) access.Plan {
	t.Helper()
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, recs, export.Directory{}, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Decisions are recorded on one line each, and packages asked for by the policy
// that the configuration names, in bodies that Graph's own document allows.
func TestRecordAndPackageAreValid(t *testing.T) {
	grant := sample.Revoke("entra", alice, pack, "access_package", "Project North")
	grant.Action = access.Grant
	other, without, stale := grant, grant, grant
	other.RecommendationID, other.EntitlementID = "r2", "entra:"+app
	without.RecommendationID, without.AccountID = "r3", ""
	stale.RecommendationID, stale.ExportFrom = "r4", "2099-01-01"
	ask := entra.PackageRequest{Source: "entra", TenantID: "tenant-1", Policies: map[string]string{pack: rules}}
	if err := ask.Check(); err != nil {
		t.Fatal(err)
	}
	lines := []entra.Line{{Definition: given, Instance: rules, Principal: alice, Resource: group, RecommendationID: "r1", Rule: "idle <groups>"}}
	doc := apispec.Load(t, "graph-v1.0-trimmed.yaml.gz")
	for name, p := range map[string]access.Plan{
		"package": built(t, []access.Recommendation{grant, other, without, stale}, ask),
		"record":  built(t, nil, entra.Record{Source: "entra", TenantID: "tenant-1", Lines: lines}),
	} {
		data, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		sample.Golden(t, "testdata/"+name+".golden.json", data)
		if len(p.Operations) != 1 {
			t.Errorf("%s: %d operations", name, len(p.Operations))
		}
		for _, o := range p.Operations {
			for _, r := range append(o.Inverse, o.Request) {
				r.Path = strings.ReplaceAll(strings.TrimPrefix(r.Path, "/v1.0"), "{answer.id}", given)
				apispec.Request(t, doc, r, ".assignment.targetId", ".assignment.assignmentPolicyId", ".assignment.accessPackageId")
			}
		}
	}
}

// Without both ids a recorded decision would be one on everybody, or on
// everything: no such request can be made.
func TestNoDecisionWithoutBothIDs(t *testing.T) {
	whole := entra.Line{Definition: given, Instance: rules, Principal: alice, Resource: group}
	for _, spoil := range []func(*entra.Line){
		func(l *entra.Line) { l.Principal = "" }, func(l *entra.Line) { l.Resource = "" }, func(l *entra.Line) { l.Definition = "" },
		func(l *entra.Line) { l.Instance = "x/../.." }, func(l *entra.Line) { l.Principal = "*" },
	} {
		l := whole
		spoil(&l)
		s := entra.Record{Source: "entra", TenantID: "tenant-1", Lines: []entra.Line{l}}
		if p, err := export.Build(export.Header{AsOf: sample.AsOf}, nil, export.Directory{}, s); err == nil || len(p.Operations) > 0 {
			t.Errorf("%+v was accepted", l)
		}
	}
	for _, policies := range []map[string]string{{"x": rules}, {pack: ""}} {
		if err := (entra.PackageRequest{TenantID: "t", Policies: policies}).Check(); access.HintOf(err) == "" {
			t.Errorf("%v: %v", policies, err)
		}
	}
}

type bearer string

func (b bearer) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+string(b))
	return nil
}

// In a live tenant a review asks about exactly the flagged people, and a rule's
// decision stands on exactly its line.
func TestReviewAndRecordInALiveTenant(t *testing.T) {
	dir := t.TempDir()
	users, members := "", ""
	for i := range 4 {
		users += fmt.Sprintf(`{"id":%q,"displayName":"P%d","userPrincipalName":"p%d@acme.example"}`+"\n", id(i), i, i)
		members += fmt.Sprintf(`{"parent_id":%q,"item":{"@odata.type":"#microsoft.graph.user","id":%q}}`+"\n", group, id(i))
	}
	for name, text := range map[string]string{"users": users, "group_members": members,
		"groups": fmt.Sprintf(`{"id":%q,"displayName":"Ledger","groupTypes":[],"securityEnabled":true}`+"\n", group)} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	graph, err := fake.New(dir, fake.Options{AccessToken: "t", Writable: true, Roles: []string{"AccessReview.ReadWrite.All"}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(graph)
	defer server.Close()
	client, err := rest.New(server.URL, bearer("t"), rest.Options{Once: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := entra.New(config())
	if err != nil {
		t.Fatal(err)
	}
	recs := []access.Recommendation{sample.Revoke("entra", id(1), group, "group", "Ledger"), sample.Revoke("entra", id(2), group, "group", "Ledger")}
	send(t, client, built(t, recs, s))

	definition := one(t, client, "/v1.0/identityGovernance/accessReviews/definitions")
	instance := one(t, client, "/v1.0/identityGovernance/accessReviews/definitions/"+definition+"/instances")
	decisions := "/v1.0/identityGovernance/accessReviews/definitions/" + definition + "/instances/" + instance + "/decisions"
	if got := decided(t, client, decisions); got != id(1)+" NotReviewed, "+id(2)+" NotReviewed" {
		t.Fatalf("the review asks about %s", got)
	}
	send(t, client, built(t, nil, entra.Record{Source: "entra", TenantID: config().TenantID, Lines: []entra.Line{
		{Definition: definition, Instance: instance, Principal: id(2), Resource: group, RecommendationID: "r1", Rule: "idle groups"}}}))
	if got := decided(t, client, decisions); got != id(1)+" NotReviewed, "+id(2)+" Deny" {
		t.Errorf("after the rule the review says %s", got)
	}
}

// send carries a plan out.
func send(t *testing.T, client *rest.Client, p access.Plan) {
	t.Helper()
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	public, key, err := ed25519.GenerateKey(bytes.NewReader(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	e, err := apply.Open(data, apply.Options{Dir: t.TempDir(), Now: func() time.Time { return sample.AsOf }, Looks: []time.Duration{time.Millisecond},
		Tenants: map[access.SourceName]apply.Tenant{"entra": {Name: config().TenantID, Client: client}}, Rules: apply.Rules{Approvers: []apply.Approver{{Name: "ines", Key: public}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	r, err := e.Apply(context.Background(), []apply.Approval{apply.Sign(&p, "ines", key, sample.AsOf)}, true)
	if err != nil || r.Count(apply.Done) != len(p.Operations) {
		t.Fatalf("%+v, %v", r, err)
	}
}

type decisionItem struct {
	ID, Decision string
	Principal    struct{ ID string }
}

func list(t *testing.T, client *rest.Client, path string) (out []decisionItem) {
	t.Helper()
	page, err := client.Get(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Value []decisionItem }
	if err := json.Unmarshal(page.Body, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Value
}

// one is the id of the only object of a list.
func one(t *testing.T, client *rest.Client, path string) string {
	t.Helper()
	all := list(t, client, path)
	if len(all) != 1 {
		t.Fatalf("%s has %d objects", path, len(all))
	}
	return all[0].ID
}

// decided lists who is asked about and what was decided.
func decided(t *testing.T, client *rest.Client, path string) string {
	t.Helper()
	var out []string
	for _, d := range list(t, client, path) {
		out = append(out, d.Principal.ID+" "+d.Decision)
	}
	return strings.Join(out, ", ")
}
