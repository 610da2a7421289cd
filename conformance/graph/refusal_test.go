package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"winnow/conformance/company"
	fake "winnow/internal/fake/entra"
)

func TestSignInIsRefused(t *testing.T) {
	tenant, _ := open(t, fake.Options{})
	for _, x := range []struct{ tenant, secret, code string }{
		{company.TenantID, "wrong", "AADSTS7000215"},
		{"8f14e45f-0000-4000-8000-00000000000f", company.Secret, "AADSTS90002"},
	} {
		_, err := credential(t, tenant, x.tenant, x.secret).GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{tenant.URL + "/.default"}})
		var failed *azidentity.AuthenticationFailedError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), x.code) {
			t.Errorf("want %s, got %v", x.code, err)
		}
	}
}

func TestATokenIsAskedForOnce(t *testing.T) {
	tenant, _ := open(t, fake.Options{})
	cred := credential(t, tenant, company.TenantID, company.Secret)
	ask := policy.TokenRequestOptions{Scopes: []string{tenant.URL + "/.default"}}
	first, err := cred.GetToken(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	again, err := cred.GetToken(t.Context(), ask)
	if err != nil || first.Token == "" || again.Token != first.Token || first.ExpiresOn.IsZero() {
		t.Errorf("the library does not keep what it was given: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	tenant, c := open(t, fake.Options{})
	_, err := c.groups().ByGroupId("3f3b0c5c-0000-4000-8000-00000000dead").Members().Get(t.Context(), nil)
	if status, code := refusal(t, err); status != 404 || code != "Request_ResourceNotFound" {
		t.Errorf("a group that is not: %d %s", status, code)
	}
	_, err = c.users().Get(t.Context(), &users.UsersRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UsersRequestBuilderGetQueryParameters{Top: pointer(int32(1000))}})
	if status, code := refusal(t, err); status != 400 || code != "Request_BadRequest" {
		t.Errorf("a page of a thousand: %d %s", status, code)
	}
	_, err = c.logs().SignIns().Get(t.Context(), &auditlogs.SignInsRequestBuilderGetRequestConfiguration{
		QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{Filter: pointer("createdDateTime gt 2026-08-30T00:00:00Z")}})
	if status, code := refusal(t, err); status != 400 || code != "BadRequest" {
		t.Errorf("a filter that is not documented: %d %s", status, code)
	}
	tenant.Fake.Expire()
	_, err = c.users().Get(t.Context(), nil)
	if status, code := refusal(t, err); status != 401 || code != "InvalidAuthenticationToken" {
		t.Errorf("a token that expired: %d %s", status, code)
	}
}

func TestATenantWithoutALicence(t *testing.T) {
	_, c := open(t, fake.Options{Free: true})
	_, err := c.logs().SignIns().Get(t.Context(), nil)
	if status, code := refusal(t, err); status != 403 || code != "Authentication_RequestFromNonPremiumTenantOrB2CTenant" {
		t.Errorf("sign-ins: %d %s", status, code)
	}
	if _, err := c.logs().DirectoryAudits().Get(t.Context(), nil); err != nil {
		t.Errorf("audits: %v", explain(err))
	}
}
