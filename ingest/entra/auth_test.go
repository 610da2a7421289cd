package entra

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
	"winnow/internal/rest"
)

const testTenant = "8f14e45f-0000-4000-8000-000000000001"

// serveTLS starts the fake behind https, which sign-in needs, and returns
// options for it.
func serveTLS(t *testing.T) (*fake.Server, Options) {
	t.Helper()
	server, err := fake.New(tenant(t), fake.Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(server)
	t.Cleanup(web.Close)
	return server, Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "s3cret",
		GraphURL: web.URL, AuthorityURL: web.URL, Transport: web.Client().Transport}
}

// TestClientSecret signs in with the vendor's library, and again after the
// token was refused.
func TestClientSecret(t *testing.T) {
	server, o := serveTLS(t)
	src, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if records, err := collect(src, Users, "", ingest.Window{}); err != nil || len(records) != 4 {
			t.Fatalf("%d users, %v", len(records), err)
		}
		server.Expire()
	}
}

func TestSignInRefused(t *testing.T) {
	_, o := serveTLS(t)
	o.ClientSecret = "wr0ng-secret"
	src, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = collect(src, Users, "", ingest.Window{})
	var api *rest.APIError
	if !errors.As(err, &api) || api.Status != http.StatusUnauthorized || api.Code != "invalid_client" {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); strings.Contains(text, "wr0ng") || strings.Contains(text, "\n") || !strings.Contains(text, "AADSTS7000215") {
		t.Errorf("message %q", text)
	}
	if access.HintOf(err) == "" {
		t.Error("no hint")
	}
}

func TestOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"no credentials":        {},
		"half a credential":     {TenantID: testTenant, ClientID: "app-1"},
		"a tenant with a slash": {TenantID: "a/b", ClientID: "app-1", ClientSecret: "x"},
		"an http authority":     {TenantID: testTenant, ClientID: "app-1", ClientSecret: "x", AuthorityURL: "http://127.0.0.1:1"},
		"a url that is none":    {AccessToken: "x", GraphURL: "graph"},
		"plain http":            {AccessToken: "x", GraphURL: "http://graph.example"},
	} {
		if _, err := New(o); err == nil || access.HintOf(err) == "" {
			t.Errorf("%s: %v, hint %q", name, err, access.HintOf(err))
		}
	}
	if _, err := New(Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "x"}); err != nil {
		t.Error(err)
	}
}
