package auth0

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/oauth"
	"winnow/internal/rest"
)

// A Config says how to reach a tenant. Either ClientID and ClientSecret of a
// machine-to-machine application are set, or AccessToken.
type Config struct {
	TenantURL    string // such as https://acme.eu.auth0.com
	ClientID     string
	ClientSecret string
	AccessToken  string // made elsewhere
	Audience     string // default TenantURL/api/v2/; needed behind a custom domain

	// Overlap is how far before the end of a pull the next one begins again;
	// default ten minutes. What is read twice is recognised by its log_id.
	Overlap time.Duration

	// REST overrides the manners, for tests and proxies.
	REST rest.Options
}

const missing = "set client_id and client_secret of a machine-to-machine application that may use the Management API, or access_token"

// client opens the tenant's API.
func (c Config) client() (*rest.Client, error) {
	base := strings.TrimRight(c.TenantURL, "/")
	var auth rest.Authorizer = oauth.Bearer(c.AccessToken)
	if c.AccessToken == "" {
		audience := c.Audience
		if audience == "" {
			audience = base + "/api/v2/"
		}
		tokens, err := oauth.New(oauth.Client{Endpoint: base + "/oauth/token", ID: c.ClientID, Secret: c.ClientSecret,
			Form: url.Values{"audience": {audience}}, Hint: missing}, c.REST)
		if err != nil {
			return nil, fmt.Errorf("open the auth0 tenant: %w", err)
		}
		auth = tokens
	}
	o := c.REST
	o.ParseError = parseError
	client, err := rest.New(base, auth, o)
	if err != nil {
		return nil, fmt.Errorf("open the auth0 tenant: %w", err)
	}
	return client, nil
}

// parseError reads the platform's error body.
func parseError(_ int, _ http.Header, body []byte) rest.APIError {
	field := func(key string) string {
		v, err := rest.StringField(body, key)
		if err != nil {
			return "" // not JSON: the status alone is known
		}
		return v
	}
	return rest.APIError{Code: field("errorCode"), Summary: field("message")}
}

// scopes are what the streams need.
var scopes = map[access.StreamName]string{Logs: "read:logs", Users: "read:users", Roles: "read:roles",
	RoleUsers: "read:roles, read:users and read:role_members", Clients: "read:clients"}

// hint tells what the user can do about a refusal, unless that is known.
func hint(stream access.StreamName) func(error) error {
	return func(err error) error {
		if access.HintOf(err) != "" {
			return err
		}
		switch rest.StatusOf(err) {
		case http.StatusUnauthorized:
			return access.WithHint(err, "the access token is wrong or expired, or its audience is not this tenant's Management API")
		case http.StatusForbidden:
			return access.WithHint(err, "grant the application "+scopes[stream])
		}
		return err
	}
}
