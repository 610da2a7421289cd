package oktav2

import (
	"net/http"
	"strings"
	"testing"

	"github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

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
	groups, resp, err := c.Group.ListGroups(t.Context(), query.NewQueryParams(query.WithLimit(200)))
	company.Same(t, "groups", all(t, groupID, groups, resp, err), org.IDs(t, source.Groups))
	if n := org.Fake.Asked("/oauth2/v1/token"); n != 1 {
		t.Errorf("the SDK asked for %d tokens: it keeps one that it understood", n)
	}
	if _, _, err := c.Application.ListApplications(t.Context(), nil); refusal(t, err).ErrorCode != "E0000006" {
		t.Errorf("a scope that was not asked for: %v", err)
	}
}

func TestAScopeThatWasNotGranted(t *testing.T) {
	org, _ := open(t, fake.Options{Granted: []string{"okta.groups.read"}})
	c := client(t, org, byKey(org, "okta.logs.read")...)
	_, _, err := c.LogEvent.GetLogs(t.Context(), nil)
	if e := refusal(t, err); e.ErrorMessage != "invalid_scope" || e.ErrorDescription == "" {
		t.Errorf("%+v", e)
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	org, _ := open(t, fake.Options{})
	other, _ := open(t, fake.Options{})
	c := client(t, org, byKey(other, "okta.groups.read")...)
	_, _, err := c.Group.ListGroups(t.Context(), nil)
	if e := refusal(t, err); e.ErrorMessage != "invalid_client" {
		t.Errorf("%+v", e)
	}
}

func TestRefusals(t *testing.T) {
	org, c := open(t, fake.Options{})
	_, resp, err := client(t, org, okta.WithToken("00wrong")).User.ListUsers(t.Context(), nil)
	if e := refusal(t, err); resp.StatusCode != 401 || e.ErrorCode != "E0000011" {
		t.Errorf("a wrong token: %d %+v", resp.StatusCode, e)
	}
	_, resp, err = c.Group.ListGroupUsers(t.Context(), "00gnone", nil)
	if e := refusal(t, err); resp.StatusCode != 404 || e.ErrorCode != "E0000007" || !strings.Contains(e.ErrorSummary, "00gnone") || e.ErrorId == "" {
		t.Errorf("a group that is not: %d %+v", resp.StatusCode, e)
	}
	_, resp, err = c.LogEvent.GetLogs(t.Context(), query.NewQueryParams(query.WithAfter("made-up")))
	if e := refusal(t, err); resp.StatusCode != 400 || e.ErrorCode != "E0000029" || len(e.ErrorCauses) != 1 {
		t.Errorf("a cursor that is none: %d %+v", resp.StatusCode, e)
	}
}

// TestTheLimit reads the wait out of a 429 with the SDK's own function: a
// second more than what is left of the minute.
func TestTheLimit(t *testing.T) {
	org, c := open(t, fake.Options{PerMinute: 1})
	if _, _, err := c.Group.ListGroups(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Group.ListGroups(t.Context(), nil); err == nil || err.Error() != "too many requests" {
		t.Errorf("the second request of the minute: %v", err)
	}
	resp, err := http.Get(org.URL + "/api/v1/groups")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if wait, err := okta.Get429BackoffTime(resp); err != nil || wait < 1 || wait > 61 {
		t.Errorf("the SDK would wait for %d s: %v", wait, err)
	}
}
