package governance

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/okta/okta-governance-sdk-golang/governance"
	"github.com/okta/okta-sdk-golang/v5/okta"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
	"winnow/internal/lake"
)

// orgDir holds a small org with Identity Governance, which the company of the
// other tests does not use.
const orgDir = "../../ingest/okta/testdata/org"

// open starts the org and signs the SDK in. Like the SDK that it builds on, it
// drops the port of the org's URL, so the host is set again.
func open(t *testing.T, o fake.Options, token string) (*company.Org, *governance.OktaGovernanceAPIClient) {
	t.Helper()
	o.MaxPage = 1
	org := company.OpenOrg(t, orgDir, o)
	cfg, err := okta.NewConfiguration(okta.WithOrgUrl(org.URL), okta.WithToken(token), okta.WithTestingDisableHttpsCheck(true),
		okta.WithCache(false), okta.WithRateLimitMaxRetries(0), okta.WithHttpClientPtr(&http.Client{}))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(org.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Host = u.Host
	return org, governance.NewAPIClient(cfg)
}

// all reads a list from its first page to its last: items of a page, and then
// of the pages that the SDK's own paging brings.
func all[P, T any](t *testing.T, items func(*P) []T, id func(T) string, page *P, resp *governance.APIResponse, err error) []string {
	t.Helper()
	ids := []string{}
	for {
		if err != nil {
			t.Fatalf("%v: %s", err, body(err))
		}
		for _, item := range items(page) {
			ids = append(ids, id(item))
		}
		if !resp.HasNextPage() {
			return ids
		}
		page = new(P)
		resp, err = resp.Next(page)
	}
}

// body is the answer that the SDK keeps in its error.
func body(err error) []byte {
	var e *governance.GenericOpenAPIError
	if errors.As(err, &e) {
		return e.Body()
	}
	return nil
}

// inApp is the filter for one app.
func inApp(app string) string {
	return `parent.externalId eq "` + app + `" AND parent.type eq "APPLICATION"`
}

func TestEntitlements(t *testing.T) {
	org, c := open(t, fake.Options{}, company.Token)
	var ids, values []string
	for _, app := range org.IDs(t, source.Apps) {
		page, resp, err := c.EntitlementsAPI.ListEntitlements(t.Context()).Filter(inApp(app)).Limit(200).Execute()
		ids = append(ids, all(t, (*governance.EntitlementsList).GetData, func(e governance.EntitlementsListObject) string { return e.GetId() }, page, resp, err)...)
	}
	company.Same(t, "entitlements", ids, org.IDs(t, source.Entitlements))
	for _, e := range ids {
		page, resp, err := c.EntitlementsAPI.ListEntitlementValues(t.Context(), e).Limit(200).Execute()
		values = append(values, all(t, (*governance.EntitlementValuesList).GetData,
			func(v governance.EntitlementValueWithParent) string { return e + "/" + v.GetId() }, page, resp, err)...)
	}
	company.Same(t, "values", values, org.IDs(t, source.EntitlementValues))
}

// TestPrincipalEntitlements asks for the pairs of user and app that our own
// client found, and must see the same values in each.
func TestPrincipalEntitlements(t *testing.T) {
	org, c := open(t, fake.Options{}, company.Token)
	own := company.Items(t, org.Source, source.PrincipalEntitlements, func(_ string, item []byte) string {
		return lake.TextAt(item, "parent.externalId") + " " + lake.TextAt(item, "targetPrincipal.externalId") + " " + lake.TextAt(item, "id")
	})
	var sdk []string
	asked := map[string]bool{}
	for _, line := range own {
		pair := strings.Fields(line)
		if asked[pair[0]+pair[1]] {
			continue
		}
		asked[pair[0]+pair[1]] = true
		list, _, err := c.PrincipalEntitlementsAPI.GetPrincipalEntitlements(t.Context()).Filter(inApp(pair[0]) +
			` AND targetPrincipal.externalId eq "` + pair[1] + `" AND targetPrincipal.type eq "OKTA_USER"`).Execute()
		if err != nil {
			t.Fatalf("%v: %s", err, body(err))
		}
		for _, e := range list.GetData() {
			if len(e.GetValues()) == 0 {
				t.Errorf("the SDK reads no values of %s", line)
			}
			parent, principal := e.GetParent(), e.GetTargetPrincipal()
			sdk = append(sdk, parent.GetExternalId()+" "+principal.GetExternalId()+" "+e.GetId())
		}
	}
	company.Same(t, "principal entitlements", sdk, own)
}

func TestCampaignsAndReviews(t *testing.T) {
	org, c := open(t, fake.Options{}, company.Token)
	page, resp, err := c.CampaignsAPI.ListCampaigns(t.Context()).Limit(200).Execute()
	campaigns := all(t, (*governance.CampaignsList).GetData, func(c governance.CampaignSparse) string { return c.GetId() }, page, resp, err)
	company.Same(t, "campaigns", campaigns, org.IDs(t, source.Campaigns))
	var reviews []string
	for _, id := range campaigns {
		page, resp, err := c.ReviewsAPI.ListReviews(t.Context()).Filter(`campaignId eq "` + id + `"`).Limit(200).Execute()
		reviews = append(reviews, all(t, (*governance.ReviewList).GetData, func(r governance.ReviewSparse) string {
			if r.GetCampaignId() != id || !r.Decision.IsValid() {
				t.Errorf("review %s of %s: campaign %q, decision %q", r.GetId(), id, r.GetCampaignId(), r.Decision)
			}
			return r.GetId()
		}, page, resp, err)...)
	}
	company.Same(t, "reviews", reviews, org.IDs(t, source.Reviews))
}

func TestRefusals(t *testing.T) {
	for name, x := range map[string]struct {
		token string
		o     fake.Options
		code  string
		want  int
	}{
		"a wrong token":              {"00wrong", fake.Options{}, "E0000011", 401},
		"an org that has no licence": {company.Token, fake.Options{NoGovernance: true}, "E0000015", 403},
	} {
		_, c := open(t, x.o, x.token)
		_, resp, err := c.CampaignsAPI.ListCampaigns(t.Context()).Execute()
		refused(t, name, resp, err, x.want, x.code)
	}
	_, c := open(t, fake.Options{}, company.Token)
	_, resp, err := c.EntitlementsAPI.ListEntitlementValues(t.Context(), "esp0none").Execute()
	refused(t, "an entitlement that is not", resp, err, 404, "E0000007")
	_, resp, err = c.ReviewsAPI.ListReviews(t.Context()).Filter(`colour eq "red"`).Execute()
	refused(t, "a filter on nothing", resp, err, 400, "E0000031")
}

// refused holds an error of the SDK against what the platform answers.
func refused(t *testing.T, name string, resp *governance.APIResponse, err error, status int, code string) {
	t.Helper()
	var e struct {
		Code    string `json:"errorCode"`
		Summary string `json:"errorSummary"`
	}
	if err == nil {
		t.Errorf("%s: no refusal", name)
		return
	}
	if decodeErr := json.Unmarshal(body(err), &e); decodeErr != nil || resp.StatusCode != status || e.Code != code || e.Summary == "" {
		t.Errorf("%s: %d %+v, %v", name, resp.StatusCode, e, err)
	}
}
