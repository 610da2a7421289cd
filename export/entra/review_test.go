package entra_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

// id makes a fictional object id.
func id(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-000000000000", n) }

func config() entra.Config {
	return entra.Config{
		Source: "entra", TenantID: id(0xf), Reviewer: entra.Reviewer{Fallback: id(0xfa)},
		Text: export.Text{EvidenceURL: "https://evidence.example/run-7"},
	}
}

// flagged has one of each kind of access, and what no review can show.
func flagged() []access.Recommendation {
	r := func(user int, entitlement, kind, name string, codes ...access.ClaimCode) access.Recommendation {
		return sample.Revoke("entra", id(user), entitlement, kind, name, codes...)
	}
	odd := r(1, id(0x61), "group", "Ledger Editors")
	odd.AccountID = "entra:me/../../groups"
	return []access.Recommendation{
		r(1, id(0x61), "group", "Ledger Editors", "idle_quiet", "moved"),
		r(2, id(0x61), "group", "Ledger Editors", "idle_quiet"),
		r(1, id(0xa1), "app", "Payroll", "idle_never"),
		r(1, id(0xa1)+"/"+id(0xa2), "app_role", "Payroll Approver", "toxic"),
		r(2, id(0xd1), "directory_role", "User Administrator", "privileged"),
		r(2, id(0x11), "licence", "Drawing Suite"),
		r(2, id(0x12), "access_package", "Project North"),
		r(2, id(0x62), "group", "All Staff"),
		r(2, id(0x63), "group", "From the old forest"),
		r(3, id(0x61), "group", "Ledger Editors"),
		r(2, id(0xa1), "app_role", "no role in the id"),
		odd,
	}
}

var directory = export.Directory{
	Accounts:     map[string]export.Account{"entra:" + id(3): {Kind: "service"}},
	Entitlements: map[string]export.Entitlement{"entra:" + id(0x62): {Mastering: "dynamic"}, "entra:" + id(0x63): {Mastering: "synced"}},
}

func plan(t *testing.T, c entra.Config, recs []access.Recommendation) access.Plan {
	t.Helper()
	s, err := entra.New(c)
	if err != nil {
		t.Fatal(err)
	}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, recs, directory, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGolden(t *testing.T) {
	p := plan(t, config(), flagged())
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/plan.golden.json", data)
}

// TestSpecification holds the bodies for each way to find a reviewer against
// Graph's own document.
func TestSpecification(t *testing.T) {
	doc := apispec.Load(t, "graph-v1.0-trimmed.yaml.gz")
	for _, r := range []entra.Reviewer{{Fallback: id(1)}, {By: entra.Owner, Fallback: id(1)}, {By: entra.User, User: id(1)}} {
		c := config()
		c.Reviewer = r
		for _, o := range plan(t, c, flagged()).Operations {
			path, ok := strings.CutPrefix(o.Path, "/v1.0")
			if !ok || doc.Paths.Find(path) == nil || doc.Paths.Find(path).GetOperation(o.Method) == nil {
				t.Errorf("there is no %s %s", o.Method, o.Path)
			}
			apispec.CheckTyped(t, doc, o.Body)
		}
	}
}

// body is what the tests look at in a definition.
type body struct {
	DescriptionForReviewers      string
	Scope                        struct{ PrincipalScopes, ResourceScopes []struct{ Query string } }
	Reviewers, FallbackReviewers []struct{ Query, QueryRoot string }
	Settings                     map[string]any
}

func read(t *testing.T, o access.Operation) body {
	t.Helper()
	var b body
	if err := json.Unmarshal(o.Body, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNothingIsRemoved(t *testing.T) {
	for _, o := range plan(t, config(), flagged()).Operations {
		s := read(t, o).Settings
		if s["autoApplyDecisionsEnabled"] != false || s["defaultDecisionEnabled"] != false || s["defaultDecision"] != "None" || s["recommendationsEnabled"] != false {
			t.Errorf("settings = %v", s)
		}
	}
}

func TestReviewers(t *testing.T) {
	for by, want := range map[entra.By][]string{
		entra.Manager: {"./manager", "./manager", "./manager", "./manager"},
		entra.Owner: {
			"/servicePrincipals/" + id(0xa1) + "/owners", "/servicePrincipals/" + id(0xa1) + "/owners", "/users/" + id(91), "/groups/" + id(0x61) + "/owners",
		},
		entra.User: {"/users/" + id(92), "/users/" + id(92), "/users/" + id(92), "/users/" + id(92)},
	} {
		c := config()
		c.Reviewer = entra.Reviewer{By: by, Fallback: id(91), User: id(92)}
		for i, o := range plan(t, c, flagged()).Operations {
			b := read(t, o)
			if len(b.Reviewers) != 1 || b.Reviewers[0].Query != want[i] || (by == entra.Manager) != (b.Reviewers[0].QueryRoot == "decisions") {
				t.Errorf("%s %d: reviewers %+v", by, i, b.Reviewers)
			}
			if len(b.FallbackReviewers) == 0 && by != entra.User {
				t.Errorf("%s: nobody reviews where no reviewer is found", by)
			}
		}
	}
}

// Nobody reviews their own access: not who decides on everything, nor the
// fall-back, nor an owner. The alternate does it, or nobody.
func TestNobodyReviewsTheirOwn(t *testing.T) {
	owned := sample.Revoke("entra", id(2), id(0x61), "group", "Ledger Editors")
	owned.Owner = id(2)
	recs := []access.Recommendation{sample.Revoke("entra", id(1), id(0x61), "group", "Ledger Editors"), owned}
	for _, c := range []struct {
		r    entra.Reviewer
		want map[string]string // reviewer and fall-back of each user
	}{
		{entra.Reviewer{By: entra.User, User: id(1), Alternate: id(9)}, map[string]string{id(1): "/users/" + id(9), id(2): "/users/" + id(1)}},
		{entra.Reviewer{By: entra.User, User: id(1)}, map[string]string{id(2): "/users/" + id(1)}},
		{entra.Reviewer{By: entra.Manager, Fallback: id(1), Alternate: id(9)}, map[string]string{id(1): "./manager /users/" + id(9), id(2): "./manager /users/" + id(1)}},
		{entra.Reviewer{By: entra.Owner, Fallback: id(8)}, map[string]string{id(1): "/groups/" + id(0x61) + "/owners /users/" + id(8), id(2): "/users/" + id(8) + " /users/" + id(8)}},
		{entra.Reviewer{By: entra.Owner, Fallback: id(2)}, map[string]string{id(1): "/groups/" + id(0x61) + "/owners /users/" + id(2)}},
	} {
		conf := config()
		conf.Reviewer = c.r
		got := map[string]string{}
		for _, o := range plan(t, conf, recs).Operations {
			b := read(t, o)
			for _, p := range b.Scope.PrincipalScopes {
				who := b.Reviewers[0].Query
				for _, f := range b.FallbackReviewers {
					who += " " + f.Query
				}
				got[strings.TrimPrefix(p.Query, "/users/")] = who
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.r, got, c.want)
		}
	}
}

// TestLimits flags more users than one review holds, and checks that only ids
// of the right form reach a query.
func TestLimits(t *testing.T) {
	var recs []access.Recommendation
	for u := range 150 {
		recs = append(recs, sample.Revoke("entra", id(1000+u), id(0x61), "group", "Big \"name\"", "idle_quiet", "moved", "rare_among_peers"))
	}
	users := 0
	for _, o := range plan(t, config(), append(recs, flagged()...)).Operations {
		b := read(t, o)
		users += len(b.Scope.PrincipalScopes)
		if len(b.Scope.PrincipalScopes) > 100 || len(b.Scope.ResourceScopes) != 1 || len([]rune(b.DescriptionForReviewers)) > 256 {
			t.Errorf("%d users, %d resources", len(b.Scope.PrincipalScopes), len(b.Scope.ResourceScopes))
		}
		for _, s := range append(b.Scope.PrincipalScopes, b.Scope.ResourceScopes...) {
			if strings.Contains(s.Query, "..") {
				t.Errorf("query %s", s.Query)
			}
		}
	}
	if users != 155 {
		t.Errorf("%d pairs under review", users)
	}
}

func TestStart(t *testing.T) {
	o := plan(t, config(), flagged()).Operations[0]
	if !strings.Contains(string(o.Body), `"startDate":"2026-07-03"`) || !strings.Contains(string(o.Body), `"endDate":"2026-07-17"`) {
		t.Error(string(o.Body))
	}
	if want := time.Date(2026, 7, 3, 0, 0, 0, 0, time.UTC); !o.SendBefore.Equal(want) {
		t.Errorf("send before %v", o.SendBefore)
	}
}

func TestConfigFaults(t *testing.T) {
	_, err := entra.New(entra.Config{Lead: time.Hour, DurationDays: -1, Reviewer: entra.Reviewer{By: "anybody"}, Text: export.Text{Prefix: strings.Repeat("x", 41)}})
	for _, want := range []string{"source", "tenant", "lead", "duration", "prefix", "reviewer must be"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
	for _, r := range []entra.Reviewer{{}, {By: entra.Owner, Fallback: "me"}, {By: entra.User}} {
		c := config()
		c.Reviewer = r
		if _, err := entra.New(c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
