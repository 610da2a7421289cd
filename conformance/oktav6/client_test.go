package oktav6

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/okta/okta-sdk-golang/v6/okta"

	"winnow/conformance/company"
	"winnow/internal/acme"
	fake "winnow/internal/fake/okta"
)

// open starts the org and signs the SDK in: with the token, unless the options
// say otherwise.
func open(t *testing.T, o fake.Options) (*company.Org, *okta.APIClient) {
	t.Helper()
	org := company.OpenOrg(t, company.Write(t, acme.Okta), o)
	return org, client(t, org)
}

// client opens an org that runs already. The SDK drops the port of the org's
// URL, so the host is set again.
func client(t *testing.T, org *company.Org, more ...okta.ConfigSetter) *okta.APIClient {
	t.Helper()
	cfg, err := okta.NewConfiguration(append([]okta.ConfigSetter{okta.WithOrgUrl(org.URL), okta.WithToken(company.Token),
		okta.WithTestingDisableHttpsCheck(true), okta.WithCache(false), okta.WithRateLimitMaxRetries(0),
		okta.WithHttpClientPtr(&http.Client{})}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(org.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Host = u.Host
	return okta.NewAPIClient(cfg)
}

// all reads a list from its first page to its last and returns what id makes
// of its items.
func all[T any](t *testing.T, id func(T) string, first []T, resp *okta.APIResponse, err error) []string {
	t.Helper()
	ids := []string{}
	for page := first; ; {
		if err != nil {
			t.Fatalf("%v: %s", err, body(err))
		}
		for _, item := range page {
			ids = append(ids, id(item))
		}
		// A polling query of the log always names a next page.
		if !resp.HasNextPage() || len(page) == 0 {
			return ids
		}
		page = nil
		resp, err = resp.Next(&page)
	}
}

// in puts the container before an item's id.
func in[T any](container string, id func(T) string) func(T) string {
	return func(item T) string { return container + "/" + id(item) }
}

// body is the answer that the SDK keeps in its error.
func body(err error) []byte {
	var e *okta.GenericOpenAPIError
	if errors.As(err, &e) {
		return e.Body()
	}
	return nil
}

// refusal returns the platform's code and summary in an answer that the SDK
// refused to decode.
func refusal(t *testing.T, err error) (e okta.Error) {
	t.Helper()
	if decodeErr := json.Unmarshal(body(err), &e); decodeErr != nil || e.GetErrorCode() == "" || e.GetErrorSummary() == "" || e.GetErrorId() == "" {
		t.Fatalf("the SDK sees no refusal of the platform: %v, %v", err, decodeErr)
	}
	return e
}
