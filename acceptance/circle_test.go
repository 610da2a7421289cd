package acceptance_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
	"winnow/internal/acme"
	"winnow/internal/fake/okta"
	"winnow/internal/rest"
)

// A hand is an org's clock, which the test sets.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.at }

func (h *hand) set(at time.Time) { h.mu.Lock(); defer h.mu.Unlock(); h.at = at }

// sleep lets the clock pass.
func (h *hand) sleep(ctx context.Context, d time.Duration) error {
	h.set(h.now().Add(d))
	return ctx.Err()
}

// ssws is the token of an org.
type ssws string

func (s ssws) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "SSWS "+string(s))
	return nil
}

// An orgUnder is a company whose Okta is live, and the files that winnow wrote.
type orgUnder struct {
	place
	org    *okta.Server
	url    string
	clock  *hand
	client *rest.Client
}

// liveOkta is a company of its own with a live Okta in which campaigns can be
// ordered, so many days on which nothing is told to wait.
func liveOkta(t *testing.T, o acme.Options, export string) orgUnder {
	t.Helper()
	u := orgUnder{place: place{t.TempDir()}, clock: &hand{at: tonight}}
	u.settle(t, o, configuration)
	var err error
	if u.org, err = okta.New(filepath.Join(u.dir, "okta"), okta.Options{APIToken: token, Writable: true, Now: u.clock.now}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(u.org)
	t.Cleanup(server.Close)
	u.url = server.URL
	u.write(t, "winnow.yaml", strings.NewReplacer(
		"{type: okta, dir: okta}", fmt.Sprintf(`{type: okta, org_url: %q, api_token: "${WINNOW_ACCEPTANCE_TOKEN}"}`, u.url),
		"{files: out}", export, "policy: {", "policy: {wait_days: 0, ").Replace(configuration))
	if u.client, err = rest.New(u.url, ssws(token), rest.Options{Once: true, Now: u.clock.now, Sleep: u.clock.sleep}); err != nil {
		t.Fatal(err)
	}
	return u
}

// apply sends a plan of the folder out, approved by one person.
func (u orgUnder) apply(t *testing.T, name string) (access.Plan, *apply.Report) {
	t.Helper()
	plan, r, err := u.send(t, name)
	if err != nil {
		t.Fatal(err)
	}
	return plan, r
}

// refused sends a plan and returns what stands in the way.
func (u orgUnder) refused(t *testing.T, name string) error {
	t.Helper()
	_, _, err := u.send(t, name)
	return err
}

func (u orgUnder) send(t *testing.T, name string) (access.Plan, *apply.Report, error) {
	t.Helper()
	text := []byte(u.read(t, "out/"+name))
	plan, err := access.ReadPlan(text)
	if err != nil {
		t.Fatal(err)
	}
	public, key, err := ed25519.GenerateKey(bytes.NewReader(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	e, err := apply.Open(text, apply.Options{Dir: filepath.Join(u.dir, "receipts"), Now: u.clock.now, Sleep: u.clock.sleep,
		Tenants: map[access.SourceName]apply.Tenant{"okta": {Name: u.url, Client: u.client}},
		Rules:   apply.Rules{Approvers: []apply.Approver{{Name: "ines", Key: public}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	r, err := e.Apply(context.Background(), []apply.Approval{apply.Sign(&plan, "ines", key, u.clock.now())}, true)
	return plan, r, err
}

// get reads a list of Identity Governance.
func (u orgUnder) get(t *testing.T, path string) (out []json.RawMessage) {
	t.Helper()
	page, err := u.client.Get(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Data []json.RawMessage }
	if err := json.Unmarshal(page.Body, &list); err != nil {
		t.Fatal(err)
	}
	return list.Data
}

// decide answers every open review of the campaigns as a reviewer with a rule of
// thumb would, and returns the answers by user and resource.
func (u orgUnder) decide(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, c := range u.get(t, "/governance/api/v1/campaigns?limit=200") {
		var campaign struct{ ID, Status string }
		if err := json.Unmarshal(c, &campaign); err != nil {
			t.Fatal(err)
		}
		for _, item := range u.get(t, "/governance/api/v1/reviews?limit=200&filter="+url.QueryEscape(`campaignId eq "`+campaign.ID+`"`)) {
			var review struct {
				ID, ResourceID, Decision string
				Principal                struct{ ID string } `json:"principalProfile"`
			}
			if err := json.Unmarshal(item, &review); err != nil {
				t.Fatal(err)
			}
			if review.Decision != "UNREVIEWED" {
				continue
			}
			decision := []string{"APPROVE", "REVOKE"}[len(out)%2]
			if err := u.org.Answer(review.ID, decision, "=HYPERLINK(\"x\") I know <b>them</b>"); err != nil {
				t.Fatal(err)
			}
			out["okta:"+review.Principal.ID+" okta:"+review.ResourceID] = decision
		}
	}
	return out
}

// The circle: what is recommended becomes campaigns in the org, reviewers decide
// there, the next pull reads their decisions, the scores are judged by them, and
// the next night advises otherwise and says why.
func TestTheCircleCloses(t *testing.T) {
	if testing.Short() {
		t.Skip("mines a company three times")
	}
	t.Parallel()
	u := liveOkta(t, small, `{files: out, okta_campaign: {source: okta, reviewer: manager, fallback: 00u0fallback}}`)
	u.night(t, tonight, 0)
	plan, r := u.apply(t, "plan.json")
	if len(plan.Operations) == 0 || r.Count(apply.Done) != len(plan.Operations) {
		t.Fatalf("of %d campaigns %d were ordered: %+v", len(plan.Operations), r.Count(apply.Done), r)
	}
	asked := map[string]bool{}
	for _, o := range plan.Operations {
		for _, id := range o.RecommendationIDs {
			asked[id] = true
		}
	}

	next := tonight.Add(6 * time.Hour)
	u.clock.set(next)
	u.night(t, next, 0) // the same night again: nothing is ordered twice
	if again := u.plan(t, "plan.json"); len(again.Operations) > 0 {
		t.Fatalf("%d campaigns are ordered again", len(again.Operations))
	}
	if e := u.winnow(t, "--as-of", next.Format(time.RFC3339), "export", "--launch"); e.code != 0 {
		t.Fatal(e)
	}
	if launch, r := u.apply(t, "launch.json"); len(launch.Operations) != len(plan.Operations) || r.Count(apply.Done) != len(launch.Operations) {
		t.Fatalf("of %d campaigns %d were launched", len(plan.Operations), r.Count(apply.Done))
	}

	u.clock.set(tonight.Add(30 * time.Hour))
	answers := u.decide(t)
	if len(answers) != len(asked) {
		t.Fatalf("%d pairs were flagged, and reviewers saw %d", len(asked), len(answers))
	}
	later := tonight.AddDate(0, 0, 2)
	u.clock.set(later)
	e := u.night(t, later, 0)
	u.decided(t, answers, e.stdout)
	for _, o := range u.plan(t, "plan.json").Operations { // what was decided is not asked again
		for _, id := range o.RecommendationIDs {
			if asked[id] {
				t.Errorf("recommendation %s was decided on, and is under review again", id)
			}
		}
	}
	if e := u.winnow(t, "--as-of", later.Format(time.RFC3339), "plan"); e.code != 0 {
		t.Fatal(e)
	}
	ends := 0
	for _, o := range u.plan(t, "change.json").Operations {
		for _, id := range o.RecommendationIDs {
			if asked[id] {
				ends++
			}
		}
	}
	if ends == 0 {
		t.Error("what reviewers denied is in no plan that ends it")
	}
}

// plan reads a plan of the folder.
func (u orgUnder) plan(t *testing.T, name string) access.Plan {
	t.Helper()
	p, err := access.ReadPlan([]byte(u.read(t, "out/"+name)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// decided looks at the night after the decisions.
func (u orgUnder) decided(t *testing.T, answers map[string]string, told string) {
	t.Helper()
	conn := shell(t, u.snapshot())
	approved, denied := 0, 0
	for _, answer := range answers {
		if answer == "APPROVE" {
			approved++
		} else {
			denied++
		}
	}
	expect(t, conn, `select count(*) filter (decision = 'approve'), count(*) filter (decision = 'deny'), count(*) filter (advised = 'revoke'),
		count(recommendation_id), count(reason), count(review) from core.decision`,
		fmt.Sprintf("%d|%d|%[3]d|%[3]d|%[3]d|%[3]d", approved, denied, len(answers)))
	const fate = `select d.account_id || ' ' || d.entitlement_id, d.decision, r.action, r.bar, list_contains(r.reason_codes, 'dismissed'), r.rationale
		from core.decision as d left join marts.recommendation as r on r.account_id = d.account_id and r.entitlement_id = d.entitlement_id`
	t.Logf("%d approved, %d denied", approved, denied)
	kept, standing := 0, 0
	for _, row := range ask(t, conn, fate) {
		cells := strings.SplitN(row, "|", 6)
		switch {
		case cells[1] == "approve" && cells[2] == "abstain" && cells[3] == "dismissed" && cells[4] == "true" && strings.Contains(cells[5], "A reviewer decided otherwise on 2026-09-02"):
			kept++
		case cells[1] == "deny" && cells[2] == "revoke": // nobody has carried it out yet
			standing++
		case cells[1] == "approve" && (cells[2] == "revoke" || cells[2] == "abstain"):
			if rows := ask(t, conn, "select basis from marts.recommendation where account_id || ' ' || entitlement_id = '"+cells[0]+"'"); len(rows) == 1 && (rows[0] == "left" || rows[0] == "contract_ended") {
				kept++ // whoever has left is another matter: a leaver's access stays advised
				continue
			}
			t.Errorf("what was kept is told as %s", row)
		default:
			t.Errorf("after the decision: %s", row)
		}
	}
	if kept != approved || standing != denied {
		t.Errorf("%d of %d kept, %d of %d denied", kept, approved, standing, denied)
	}
	expect(t, conn, "select count(*) > 0, bool_and(wrong = (d.decision = 'approve')::integer) from marts.decision_score join core.decision as d using (decision_id)", "true|true")
	expect(t, conn, "select coalesce(sum(n), 0) >= (select count(*) from marts.decision_score) from marts.calibration_bin", "true")
	expect(t, conn, "select revokes_approved, revokes_kept from marts.rollout", fmt.Sprintf("%d|%d", denied, approved))
	says(t, told, "What people decided beside what was advised then", "Phase: everyone")
}
