package ping

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/oauth"
	"winnow/internal/rest"
)

// A Config says how to reach an environment.
type Config struct {
	EnvironmentID string
	ClientID      string // of the worker application
	ClientSecret  string
	Region        string // one of Regions
	APIURL        string // default https://api.pingone.<region>/v1
	AuthURL       string // default https://auth.pingone.<region>

	// Overlap is how far before the end of a pull the next one begins again,
	// since activities are recorded late at times; default an hour. What is read
	// twice is recognised by its id.
	Overlap time.Duration

	// REST overrides the manners, for tests and proxies.
	REST rest.Options
}

// domains are the top-level domains of the regions.
var domains = map[string]string{"na": "com", "ca": "ca", "eu": "eu", "ap": "asia", "au": "com.au", "sg": "sg"}

// Regions lists the regions of the platform, sorted.
func Regions() []string { return slices.Sorted(maps.Keys(domains)) }

// withDefaults fills the addresses. Errors: no such region, or an environment
// that would change the path of a request.
func (c Config) withDefaults() (Config, error) {
	domain, ok := domains[c.Region]
	if !ok && (c.APIURL == "" || c.AuthURL == "") {
		return c, access.WithHint(fmt.Errorf("open the pingone environment: region %q is not known", c.Region),
			"set region to one of "+strings.Join(Regions(), ", "))
	}
	if c.EnvironmentID == "" || url.PathEscape(c.EnvironmentID) != c.EnvironmentID || strings.Trim(c.EnvironmentID, ".") == "" {
		return c, access.WithHint(errors.New("open the pingone environment: it has no usable id"), "set environment_id")
	}
	if c.APIURL == "" {
		c.APIURL = "https://api.pingone." + domain + "/v1"
	}
	if c.AuthURL == "" {
		c.AuthURL = "https://auth.pingone." + domain
	}
	if c.Overlap == 0 {
		c.Overlap = time.Hour
	}
	c.REST.ParseError, c.REST.Bucket = parseError, bucket
	return c, nil
}

// client opens the environment's API.
func (c Config) client() (*rest.Client, error) {
	tokens, err := oauth.New(oauth.Client{
		Endpoint: strings.TrimRight(c.AuthURL, "/") + "/" + c.EnvironmentID + "/as/token",
		ID:       c.ClientID, Secret: c.ClientSecret, Basic: true,
		Hint: "set client_id and client_secret of a worker application of this environment; its token endpoint must accept client secret basic",
	}, c.REST)
	if err != nil {
		return nil, fmt.Errorf("open the pingone environment: %w", err)
	}
	client, err := rest.New(c.APIURL, tokens, c.REST)
	if err != nil {
		return nil, fmt.Errorf("open the pingone environment: %w", err)
	}
	return client, nil
}

// bucket names the rate-limit bucket of a request: activities have a lower
// limit of their own.
func bucket(_ string, u *url.URL) string {
	if strings.HasSuffix(u.Path, "/activities") {
		return "activities"
	}
	return ""
}

// parseError reads the platform's error body.
func parseError(_ int, h http.Header, body []byte) rest.APIError {
	field := func(key string) string {
		v, err := rest.StringField(body, key)
		if err != nil {
			return "" // not JSON: the status alone is known
		}
		return v
	}
	e := rest.APIError{Code: field("code"), Summary: field("message"), RequestID: field("id")}
	if e.RequestID == "" {
		e.RequestID = h.Get("Correlation-Id")
	}
	return e
}

// hint tells what the user can do about a refusal, unless that is known.
func hint(err error) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized, http.StatusForbidden:
		return access.WithHint(err, "give the worker application the roles Identity Data Read Only and Configuration Read Only in this environment")
	}
	return err
}
