package okta

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Config says how to reach an org. Either APIToken is set, or ClientID,
// PrivateKey and KeyID of a service app.
type Config struct {
	OrgURL     string // such as https://acme.okta.com
	APIToken   string // sent as SSWS
	ClientID   string
	PrivateKey string   // PEM, RSA or EC
	KeyID      string   // kid of the public key that the app knows
	Scopes     []string // default Scopes

	// Overlap is how far back the log is read again where it cannot be polled on
	// from a cursor, since a query by time misses what comes late; default six
	// hours. What is read twice is recognised by its uuid.
	Overlap time.Duration

	// REST overrides the manners, for tests and proxies; what is set here by
	// the package itself (errors, buckets) is not looked at.
	REST rest.Options
}

// Scopes are the scopes that a service app asks for. Those of roles and of
// Identity Governance are optional: see rolesScope.
var Scopes = []string{logsScope, usersScope, groupsScope, appsScope, rolesScope, entitlementsScope, certificationsScope}

const (
	logsScope   = "okta.logs.read"
	usersScope  = "okta.users.read"
	groupsScope = "okta.groups.read"
	appsScope   = "okta.apps.read"
	rolesScope  = "okta.roles.read" // optional: without it, administrator roles are not seen

	// Identity Governance: what users hold inside an app, and what reviewers decided.
	entitlementsScope   = "okta.governance.entitlements.read"
	certificationsScope = "okta.governance.accessCertifications.read"
)

// codeNotFound is the platform's word for an object that is not there.
const codeNotFound = "E0000007"

// options adds what is particular to the platform.
func (c Config) options() rest.Options {
	o := c.REST
	o.Bucket, o.ParseError, o.Retryable, o.Final = bucket, parseError, retryable, final
	return o
}

// bucket names the rate-limit bucket of a request: its path with ids replaced,
// the most specific one that the platform may count by.
func bucket(_ string, u *url.URL) string {
	seg := strings.Split(strings.Trim(u.Path, "/"), "/")
	for i := 1; i < len(seg); i++ {
		switch seg[i-1] {
		case "users", "groups", "apps", "entitlements":
			if seg[i] != "rules" {
				seg[i] = "*"
			}
		}
	}
	return strings.Join(seg, "/")
}

// parseError reads the platform's error body, or that of its token endpoint.
func parseError(_ int, h http.Header, body []byte) rest.APIError {
	field := func(keys ...string) string {
		for _, key := range keys {
			if v, err := rest.StringField(body, key); err == nil && v != "" {
				return v
			}
		}
		return ""
	}
	e := rest.APIError{Code: field("errorCode", "error"), Summary: field("errorSummary", "error_description"), RequestID: field("errorId")}
	if e.RequestID == "" {
		e.RequestID = h.Get("X-Okta-Request-Id")
	}
	return e
}

// retryable names the refusals that pass by themselves: rules that are being
// put in order, and an object that is being changed.
func retryable(e *rest.APIError) bool { return e.Code == "E0000239" || e.Code == "E0000249" }

// final names a query that was too slow: it is asked again for less time.
func final(e *rest.APIError) bool { return e.Code == codeTimeout }

// hint tells what the user can do about a refusal, unless that is known.
func hint(err error, scope string) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized:
		return access.WithHint(err, "the API token is wrong, expired or revoked")
	case http.StatusForbidden:
		return access.WithHint(err, needs(scope))
	case http.StatusNotFound:
		return access.WithHint(err, "check that org_url is the address of an org, for instance https://acme.okta.com: what answers there does not know this list")
	}
	return err
}

// needs is the hint for a missing scope.
func needs(scope string) string {
	return "grant the service app the scope " + scope +
		" and an administrator role that may read it; an API token needs such a role of its owner"
}
