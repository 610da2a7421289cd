package okta_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/export"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/export/okta"
	"winnow/internal/access"
)

func config() okta.Config {
	return okta.Config{
		Source: "okta", OrgURL: "https://acme.example/",
		Reviewer: okta.Reviewer{Fallback: "00uFALLBACKREVIEWER0"},
		Text:     export.Text{EvidenceURL: "https://evidence.example/run-7"},
	}
}

// flagged are two groups and two apps: three groups and apps share their users.
func flagged() []access.Recommendation {
	r := func(user, id, kind, name string, codes ...access.ClaimCode) access.Recommendation {
		return sample.Revoke("okta", user, id, kind, name, codes...)
	}
	rule := r("00uCAROL", "00gVPN", "group", "VPN Users")
	rule.Action, rule.Claims = access.ChangeRule, sample.RuleClaims("Everybody in Engineering", "Noor Haddad")
	return []access.Recommendation{
		r("00uALICE", "00gLEDGER", "group", "Ledger Editors", "idle_quiet", "moved"),
		r("00uBOB", "00gLEDGER", "group", "Ledger Editors", "idle_never"),
		r("00uALICE", "00gTREASURY", "group", "Treasury", "idle_quiet"),
		r("00uBOB", "00gTREASURY", "group", "Treasury", "idle_quiet"),
		r("00uALICE", "0oaPAYROLL", "app", "Payroll", "left"),
		r("00uBOB", "0oaPAYROLL", "app", "Payroll", "left"),
		r("00uCAROL", "0oaDESIGN", "app", "Design \"Review\"", "rare_among_peers"),
		r("00uDAVE", "rol1", "directory_role", "Help Desk"),
		r("00uDAVE", "00gEVERYONE", "group", "Everyone"),
		r("00u/../admin", "00gLEDGER", "group", "Ledger Editors"),
		rule,
	}
}

func plan(t *testing.T, c okta.Config, recs []access.Recommendation) access.Plan {
	t.Helper()
	s, err := okta.New(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := export.Directory{Entitlements: map[string]export.Entitlement{"okta:00gEVERYONE": {Mastering: "builtin"}}}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, recs, dir, s)
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

// TestSpecification holds the bodies for each way to find a reviewer, and the
// body that ends a campaign, against Okta's own document.
func TestSpecification(t *testing.T) {
	doc := apispec.Load(t, "okta-governance-3.2.0.yaml.gz")
	for _, r := range []okta.Reviewer{
		{By: okta.Manager, Fallback: "00uFALLBACKREVIEWER0"}, {By: okta.Owner, Fallback: "00uFALLBACKREVIEWER0"}, {By: okta.User, User: "00uONE"},
	} {
		c := config()
		c.Reviewer = r
		for _, o := range plan(t, c, flagged()).Operations {
			apispec.Check(t, apispec.Body(t, doc, o.Method, o.Path), o.Body)
			for _, inverse := range o.Inverse {
				path := strings.Replace(inverse.Path, "{answer.id}", "{campaignId}", 1)
				if doc.Paths.Find(path) == nil || doc.Paths.Find(path).GetOperation(inverse.Method) == nil {
					t.Errorf("there is no %s %s", inverse.Method, path)
				}
				if inverse.Body != nil {
					apispec.Check(t, apispec.Body(t, doc, inverse.Method, path), inverse.Body)
				}
			}
		}
	}
}

// body is what the tests look at in a campaign.
type body struct {
	Name, Description    string
	ScheduleSettings     struct{ StartDate string }
	ResourceSettings     struct{ TargetResources []struct{ ResourceID string } }
	PrincipalScope       struct{ UserIDs []string } `json:"principalScopeSettings"`
	RemediationSettings  map[string]string
	ReviewerSettings     struct{ Type, ReviewerID, ReviewerScopeExpression, FallBackReviewerID string }
	NotificationSettings map[string]bool
}

func read(t *testing.T, o access.Operation) body {
	t.Helper()
	var b body
	if err := json.Unmarshal(o.Body, &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLimits flags more users and resources than one campaign may hold.
func TestLimits(t *testing.T) {
	var recs []access.Recommendation
	for u := range 250 {
		recs = append(recs, sample.Revoke("okta", fmt.Sprintf("00u%03d", u), "00gBIG", "group", "Big"))
	}
	for g := range 120 {
		recs = append(recs, sample.Revoke("okta", "00uSOLO", fmt.Sprintf("00gS%03d", g), "group", strings.Repeat("long name ", 40)))
	}
	var users, resources []int
	names := map[string]bool{}
	for _, o := range plan(t, config(), recs).Operations {
		b := read(t, o)
		users, resources = append(users, len(b.PrincipalScope.UserIDs)), append(resources, len(b.ResourceSettings.TargetResources))
		names[b.Name] = true
		if len([]rune(b.Name)) > 255 || len([]rune(b.Description)) > 1000 {
			t.Errorf("name %d, description %d runes", len([]rune(b.Name)), len([]rune(b.Description)))
		}
	}
	if !slices.Equal(users, []int{100, 100, 50, 1, 1, 1}) || !slices.Equal(resources, []int{1, 1, 1, 50, 50, 20}) || len(names) != 6 {
		t.Errorf("users %v, resources %v, %d names", users, resources, len(names))
	}
}

// TestNothingIsRemoved reads what happens without an answer: nothing.
func TestNothingIsRemoved(t *testing.T) {
	for _, o := range plan(t, config(), flagged()).Operations {
		for key, action := range read(t, o).RemediationSettings {
			if action != "NO_ACTION" {
				t.Errorf("%s: %s", key, action)
			}
		}
		if !o.Reversible || o.Tenant != "https://acme.example" {
			t.Errorf("operation = %+v", o)
		}
	}
}

// Nobody reviews their own access: not who decides on everything, nor the
// fall-back, whichever of their accounts it is. The alternate does it, or nobody.
func TestNobodyReviewsTheirOwn(t *testing.T) {
	recs := []access.Recommendation{
		sample.Revoke("okta", "00uONE", "00gLEDGER", "group", "Ledger"), sample.Revoke("okta", "00uADMIN", "00gLEDGER", "group", "Ledger"),
		sample.Revoke("okta", "00uTWO", "00gLEDGER", "group", "Ledger"),
	}
	recs[1].IdentityID = recs[0].IdentityID // the second account of the same person
	for _, c := range []struct {
		r    okta.Reviewer
		want map[string]string
	}{
		{okta.Reviewer{By: okta.User, User: "00uONE", Alternate: "00uALT"}, map[string]string{"00uONE": "00uALT", "00uADMIN": "00uALT", "00uTWO": "00uONE"}},
		{okta.Reviewer{By: okta.User, User: "00uONE"}, map[string]string{"00uTWO": "00uONE"}},
		{okta.Reviewer{By: okta.Manager, Fallback: "00uONE", Alternate: "00uALT"}, map[string]string{"00uONE": "00uALT", "00uADMIN": "00uALT", "00uTWO": "00uONE"}},
		{okta.Reviewer{By: okta.Owner, Fallback: "00uTWO", Alternate: "00uALT"}, map[string]string{"00uONE": "00uTWO", "00uADMIN": "00uTWO", "00uTWO": "00uALT"}},
	} {
		conf := config()
		conf.Reviewer = c.r
		s, err := okta.New(conf)
		if err != nil {
			t.Fatal(err)
		}
		dir := export.Directory{Accounts: map[string]export.Account{"okta:00uONE": {Identity: recs[0].IdentityID}}}
		p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, recs, dir, s)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, o := range p.Operations {
			b := read(t, o)
			for _, u := range b.PrincipalScope.UserIDs {
				got[u] = b.ReviewerSettings.ReviewerID + b.ReviewerSettings.FallBackReviewerID
			}
			if !strings.Contains(string(o.Body), `"selfReviewDisabled":true`) {
				t.Error("managers and owners may review themselves")
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.r, got, c.want)
		}
	}
}

func TestStart(t *testing.T) {
	c := config()
	c.Lead = 90 * time.Minute
	o := plan(t, c, flagged()).Operations[0]
	if got := read(t, o).ScheduleSettings.StartDate; got != "2026-06-30T06:00:00.000Z" {
		t.Errorf("starts %s", got)
	}
	if want := time.Date(2026, 6, 30, 6, 0, 0, 0, time.UTC); !o.SendBefore.Equal(want) {
		t.Errorf("send before %v", o.SendBefore)
	}
	c.Lead = 91 * time.Minute
	if got := read(t, plan(t, c, flagged()).Operations[0]).ScheduleSettings.StartDate; got != "2026-06-30T07:00:00.000Z" {
		t.Errorf("starts %s", got)
	}
}

func TestConfigFaults(t *testing.T) {
	_, err := okta.New(okta.Config{Lead: -1, DurationDays: -1, Reviewer: okta.Reviewer{By: "anybody"}, Text: export.Text{Prefix: strings.Repeat("x", 41)}})
	for _, want := range []string{"source", "URL", "lead", "duration", "prefix", "reviewer must be"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
	for _, r := range []okta.Reviewer{{}, {By: okta.Owner}, {By: okta.User}, {By: okta.User, User: "a/b"},
		{By: okta.User, User: "00uONE", Alternate: "00uONE"}, {By: okta.Owner, Fallback: "00uONE", Alternate: "../x"}} {
		c := config()
		c.Reviewer = r
		if _, err := okta.New(c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// Five thousand flagged pairs over three hundred resources become campaigns that
// the platform takes: within every limit, each pair once and no other, each name
// once.
func TestFiveThousandPairsBecomeCampaigns(t *testing.T) {
	var recs []access.Recommendation
	want := map[string]int{}
	for n := 0; len(recs) < 5000; n++ {
		r, team := n%300, (n*7+n/300)%60
		for u := range 8 {
			user, resource := fmt.Sprintf("00u%04d", 8*team+u), fmt.Sprintf("00g%03d", r)
			if want[user+resource] == 1 {
				continue
			}
			want[user+resource] = 1
			rec := sample.Revoke("okta", user, resource, "group", strings.Repeat(fmt.Sprintf("“Ledger” %d <b>\"=1\\ ", r), 9), "idle_quiet", "moved", "rare_among_peers")
			rec.Manager = fmt.Sprintf("hr:%d", team/3)
			recs = append(recs, rec)
		}
	}
	begun := time.Now()
	operations := plan(t, config(), recs).Operations
	took := time.Since(begun)
	got, names := map[string]int{}, map[string]bool{}
	for _, o := range operations {
		b := read(t, o)
		lines := map[int]int{}
		for _, u := range b.PrincipalScope.UserIDs {
			var number int
			if _, err := fmt.Sscanf(u, "00u%d", &number); err != nil {
				t.Fatal(err)
			}
			for _, r := range b.ResourceSettings.TargetResources {
				got[u+r.ResourceID]++
				lines[number/8/3]++
			}
		}
		for manager, n := range lines {
			if n > 100 {
				t.Errorf("manager %d has %d lines in %s", manager, n, b.Name)
			}
		}
		if len(b.PrincipalScope.UserIDs) > 100 || len(b.ResourceSettings.TargetResources) > 50 || len([]rune(b.Name)) > 255 || len([]rune(b.Description)) > 1000 || names[b.Name] {
			t.Errorf("%d users, %d resources, name %q, description of %d", len(b.PrincipalScope.UserIDs), len(b.ResourceSettings.TargetResources), b.Name, len([]rune(b.Description)))
		}
		names[b.Name] = true
	}
	if !reflect.DeepEqual(got, want) || took > 10*time.Second {
		t.Errorf("%d pairs are flagged and %d under review, after %s", len(want), len(got), took)
	}
	t.Logf("%d pairs, %d campaigns, in %s", len(want), len(operations), took.Round(time.Millisecond))
	doc := apispec.Load(t, "okta-governance-3.2.0.yaml.gz")
	for _, o := range operations[:min(len(operations), 20)] {
		apispec.Check(t, apispec.Body(t, doc, o.Method, o.Path), o.Body)
	}
}
