package oktav6

import (
	"strings"
	"testing"

	"github.com/okta/okta-sdk-golang/v6/okta"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

// byKey signs in as a service app.
func byKey(org *company.Org, scopes ...string) []okta.ConfigSetter {
	return []okta.ConfigSetter{okta.WithAuthorizationMode("PrivateKey"), okta.WithClientId(company.ClientID),
		okta.WithPrivateKey(org.Key), okta.WithPrivateKeyId(company.KeyID), okta.WithScopes(scopes)}
}

func TestAServiceAppSignsInWithItsKey(t *testing.T) {
	org, _ := open(t, fake.Options{})
	c := client(t, org, byKey(org, "okta.groups.read", "okta.users.read")...)
	groups, resp, err := c.GroupAPI.ListGroups(t.Context()).Limit(200).Execute()
	company.Same(t, "groups", all(t, groupID, groups, resp, err), org.IDs(t, source.Groups))
	if n := org.Fake.Asked("/oauth2/v1/token"); n != 1 {
		t.Errorf("the SDK asked for %d tokens: it keeps one that it understood", n)
	}
	_, resp, err = c.ApplicationAPI.ListApplications(t.Context()).Execute()
	if e := refusal(t, err); resp.StatusCode != 403 || e.GetErrorCode() != "E0000006" {
		t.Errorf("a scope that was not asked for: %v", err)
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	org, _ := open(t, fake.Options{})
	other, _ := open(t, fake.Options{})
	c := client(t, org, byKey(other, "okta.groups.read")...)
	if _, _, err := c.GroupAPI.ListGroups(t.Context()).Execute(); err == nil {
		t.Error("a key that the org does not know opens it")
	}
	if n := org.Fake.Asked("/api/v1/groups"); n != 0 {
		t.Errorf("the SDK went on without a token, %d times", n)
	}
}

func TestRefusals(t *testing.T) {
	org, c := open(t, fake.Options{})
	_, resp, err := client(t, org, okta.WithToken("00wrong")).UserAPI.ListUsers(t.Context()).Execute()
	if e := refusal(t, err); resp.StatusCode != 401 || e.GetErrorCode() != "E0000011" {
		t.Errorf("a wrong token: %d %v", resp.StatusCode, err)
	}
	_, resp, err = c.GroupAPI.ListGroupUsers(t.Context(), "00gnone").Execute()
	if e := refusal(t, err); resp.StatusCode != 404 || e.GetErrorCode() != "E0000007" || !strings.Contains(e.GetErrorSummary(), "00gnone") {
		t.Errorf("a group that is not: %d %v", resp.StatusCode, err)
	}
	_, resp, err = c.SystemLogAPI.ListLogEvents(t.Context()).After("made-up").Execute()
	if e := refusal(t, err); resp.StatusCode != 400 || e.GetErrorCode() != "E0000029" || len(e.GetErrorCauses()) != 1 {
		t.Errorf("a cursor that is none: %d %v", resp.StatusCode, err)
	}
}

// TestTheLimit sees a 429 through the SDK, which reads its headers.
func TestTheLimit(t *testing.T) {
	_, c := open(t, fake.Options{PerMinute: 1})
	if _, _, err := c.GroupAPI.ListGroups(t.Context()).Execute(); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.GroupAPI.ListGroups(t.Context()).Execute()
	if err == nil || !strings.Contains(err.Error(), "too many requests") {
		t.Errorf("the second request of the minute: %v", err)
	}
}
