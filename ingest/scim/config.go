package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"winnow/internal/access"
	"winnow/internal/oauth"
	"winnow/internal/rest"
)

// A Config says how to reach a provider. Either AccessToken is set, or Username
// and Password.
type Config struct {
	BaseURL     string // up to and with the version, such as https://example.com/scim/v2
	AccessToken string // sent as a bearer token
	Username    string // with Password: sent as HTTP Basic
	Password    string

	// REST overrides the manners, for tests and proxies.
	REST rest.Options
}

// client opens the provider.
func (c Config) client() (*rest.Client, error) {
	var auth rest.Authorizer
	switch {
	case c.AccessToken != "":
		auth = oauth.Bearer(c.AccessToken)
	case c.Username != "" && c.Password != "":
		auth = basic{c.Username, c.Password}
	default:
		return nil, access.WithHint(errors.New("open the scim provider: no credential"), "set access_token, or username and password")
	}
	o := c.REST
	o.ParseError = parseError
	client, err := rest.New(c.BaseURL, auth, o)
	if err != nil {
		return nil, fmt.Errorf("open the scim provider: %w", err)
	}
	return client, nil
}

// basic is a user name and a password.
type basic struct{ username, password string }

// Authorize implements rest.Authorizer.
func (b basic) Authorize(_ context.Context, r *http.Request) error {
	r.SetBasicAuth(b.username, b.password)
	return nil
}

// parseError reads the error body of RFC 7644, section 3.12.
func parseError(_ int, h http.Header, body []byte) rest.APIError {
	field := func(key string) string {
		v, err := rest.StringField(body, key)
		if err != nil {
			return "" // not JSON: the status alone is known
		}
		return v
	}
	return rest.APIError{Code: field("scimType"), Summary: field("detail"), RequestID: h.Get("X-Request-Id")}
}

// hint tells what the user can do about a refusal, unless that is known.
func hint(err error) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized:
		return access.WithHint(err, "the access token, or the user name and password, are wrong or expired")
	case http.StatusForbidden:
		return access.WithHint(err, "allow this credential to read users and groups")
	case http.StatusNotFound:
		return access.WithHint(err, "set url up to and with the version, for instance https://example.com/scim/v2")
	}
	return err
}
