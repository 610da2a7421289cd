package oktav2

import (
	"context"
	"errors"
	"testing"

	"github.com/okta/okta-sdk-golang/v2/okta"

	"winnow/conformance/company"
	"winnow/internal/acme"
	fake "winnow/internal/fake/okta"
)

// open starts the org and signs the SDK in: with the token, unless the options
// say otherwise. The SDK's cache is off: it would hide requests.
func open(t *testing.T, o fake.Options, more ...okta.ConfigSetter) (*company.Org, *okta.Client) {
	t.Helper()
	org := company.OpenOrg(t, company.Write(t, acme.Okta), o)
	return org, client(t, org, more...)
}

// client opens an org that runs already.
func client(t *testing.T, org *company.Org, more ...okta.ConfigSetter) *okta.Client {
	t.Helper()
	_, c, err := okta.NewClient(context.Background(), append([]okta.ConfigSetter{okta.WithOrgUrl(org.URL), okta.WithToken(company.Token),
		okta.WithTestingDisableHttpsCheck(true), okta.WithCache(false), okta.WithRateLimitMaxRetries(0)}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all reads a list from its first page to its last and returns what id makes
// of its items.
func all[T any](t *testing.T, id func(T) string, first []T, resp *okta.Response, err error) []string {
	t.Helper()
	ids, pages := []string{}, 0
	for page := first; ; pages++ {
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page {
			ids = append(ids, id(item))
		}
		// A polling query of the log always names a next page.
		if !resp.HasNextPage() || len(page) == 0 {
			break
		}
		page = nil
		resp, err = resp.Next(context.Background(), &page)
	}
	t.Logf("%d items on %d further pages", len(ids), pages)
	return ids
}

// refusal returns the platform's code and summary that the SDK took out of an
// answer.
func refusal(t *testing.T, err error) *okta.Error {
	t.Helper()
	var e *okta.Error
	if !errors.As(err, &e) {
		t.Fatalf("the SDK sees no refusal of the platform: %v", err)
	}
	return e
}
