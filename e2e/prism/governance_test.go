//go:build prism

package prism

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"winnow/ingest/okta"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
)

var governancePaths = []string{"/governance/api/v1/entitlements", "/governance/api/v1/entitlements/{entitlementId}/values",
	"/governance/api/v1/principal-entitlements", "/governance/api/v1/principal-entitlements/history", "/governance/api/v1/campaigns",
	"/governance/api/v1/campaigns/{campaignId}", "/governance/api/v1/campaigns/{campaignId}/launch", "/governance/api/v1/campaigns/{campaignId}/end",
	"/governance/api/v1/reviews", "/governance/api/v1/reviews/{reviewId}"}

// governedOrg saves an org of one user, who holds a group and an app with an
// entitlement.
func governedOrg(t *testing.T) string {
	t.Helper()
	const by = `"created":"2026-02-01T08:00:00Z","createdBy":"00u00000000000000001","lastUpdated":"2026-02-01T08:00:00Z","lastUpdatedBy":"00u00000000000000001"`
	const app = `"parentResourceOrn":"orn:okta:idp:00o1:apps:oidc_client:0oa00000000000000001","parent":{"externalId":"0oa00000000000000001","type":"APPLICATION"}`
	const self = `"_links":{"self":{"href":"https://org.example/governance/api/v1/entitlements/esp00000000000000001"},"values":{"href":"https://org.example/governance/api/v1/entitlements/esp00000000000000001/values"}}`
	const duty = `"id":"esp00000000000000001","name":"Duty","externalValue":"duty","description":"What one may do","multiValue":true,"required":false,"dataType":"array"`
	const post = `"id":"ent00000000000000001","name":"Post","externalValue":"post","description":"may post"`
	const who = `"targetPrincipalOrn":"orn:okta:directory:00o1:users:00u00000000000000001","targetPrincipal":{"externalId":"00u00000000000000001","type":"OKTA_USER"}`
	dir := t.TempDir()
	save(t, dir, map[string]string{
		"users":                         `{"id":"00u00000000000000001","status":"ACTIVE","profile":{"login":"ada@acme.example","email":"ada@acme.example","firstName":"Ada","lastName":"Berg"}}`,
		"groups":                        `{"id":"00g00000000000000001","type":"OKTA_GROUP","profile":{"name":"Sales"}}`,
		"group_members":                 `{"parent_id":"00g00000000000000001","item":{"id":"00u00000000000000001","status":"ACTIVE","profile":{"login":"ada@acme.example"}}}`,
		"apps":                          `{"id":"0oa00000000000000001","label":"Ledger","signOnMode":"SAML_2_0"}`,
		"app_users":                     `{"parent_id":"0oa00000000000000001","item":{"id":"00u00000000000000001","scope":"USER","status":"ACTIVE"}}`,
		"entitlements":                  `{` + duty + `,` + by + `,` + app + `,` + self + `}`,
		"entitlement_values":            `{"parent_id":"esp00000000000000001","item":{` + post + `,"entitlementId":"esp00000000000000001","orn":"orn:okta:governance:00o1:entitlement-values:ent00000000000000001",` + by + `,` + app + `,"_links":{"self":{"href":"https://org.example/governance/api/v1/entitlements/esp00000000000000001/values/ent00000000000000001"}}}}`,
		"principal_entitlements":        `{` + duty + `,` + who + `,` + app + `,"values":[{` + post + `}]}`,
		"principal_entitlement_history": `{"parent_id":"0oa00000000000000001/00u00000000000000001","item":{"startDate":"2026-02-01T00:00:00Z","endDate":"","lifecycle":"ACTIVE","entitlements":[{` + duty + `,"values":[{` + post + `}]}]}}`,
	})
	return dir
}

// TestGovernance runs a campaign through prism, and then pulls every stream of
// Identity Governance.
func TestGovernance(t *testing.T) {
	f, err := fake.New(governedOrg(t), fake.Options{APIToken: "t1", Writable: true, Now: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	j := open(t, f, map[string]string{"/governance/": cut(t, governance, nil, governancePaths...)}, here)
	const base = "/governance/api/v1/campaigns"
	campaign := j.send(t, http.MethodPost, base, `{"name":"Spring","scheduleSettings":{"type":"ONE_OFF","startDate":"2026-09-02T09:00:00Z","durationInDays":7,"timeZone":"Europe/Oslo"},
		"resourceSettings":{"type":"GROUP","targetResources":[{"resourceId":"00g00000000000000001","resourceType":"GROUP"}]},
		"principalScopeSettings":{"type":"USERS"},"reviewerSettings":{"type":"USER","reviewerId":"00u00000000000000001"},
		"remediationSettings":{"accessApproved":"NO_ACTION","accessRevoked":"NO_ACTION","noResponse":"NO_ACTION"}}`, 201)
	j.send(t, http.MethodGet, base+"/"+campaign, "", 200)
	j.send(t, http.MethodPost, base+"/"+campaign+"/launch", "", 202)
	j.send(t, http.MethodPost, base+"/"+campaign+"/launch", "", 409)
	s := client(t, j)
	j.accuse(t, "a campaign", governanceExcuses)
	for _, stream := range []access.StreamName{okta.Entitlements, okta.EntitlementValues, okta.PrincipalEntitlements,
		okta.PrincipalEntitlementHistory, okta.Campaigns, okta.Reviews} {
		drain(t, s, stream)
		j.accuse(t, string(stream), governanceExcuses)
	}
	j.send(t, http.MethodPost, base+"/"+campaign+"/end", `{"skipRemediation":true}`, 202)
	j.send(t, http.MethodDelete, base+"/"+campaign, "", 409)
	j.send(t, http.MethodPost, base, `{"name":"Late","scheduleSettings":{"type":"ONE_OFF","startDate":"2026-08-02T09:00:00Z","durationInDays":7,"timeZone":"UTC"},"resourceSettings":{},"reviewerSettings":{"type":"USER"},
		"remediationSettings":{"accessApproved":"NO_ACTION","accessRevoked":"NO_ACTION","noResponse":"NO_ACTION"}}`, 400)
	j.accuse(t, "the end of a campaign", governanceExcuses)
	j.sees(t, `"decision":"UNREVIEWED"`, `"decision":"LATER"`, governanceExcuses, func() { drain(t, s, okta.Reviews) })
}

// send asks with the credential and returns the id in the answer.
func (j *judge) send(t *testing.T, method, path, body string, status int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, j.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	scheme := "SSWS "
	if strings.HasPrefix(path, "/v1.0/") {
		scheme = "Bearer "
	}
	r.Header.Set("Authorization", scheme+"t1")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return j.answer(t, r, status)
}
