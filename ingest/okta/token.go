package okta

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"winnow/internal/access"
	"winnow/internal/rest"
)

const tokenPath = "/oauth2/v1/token" //nolint:gosec // a path, no credential

// keyAuth exchanges signed assertions for access tokens and keeps the token
// until shortly before it expires. All streams of an org share it.
type keyAuth struct {
	client          *rest.Client
	clientID, keyID string
	key             crypto.Signer
	method          jwt.SigningMethod
	scopes          []string // that are asked for
	all             []string // that were configured
	tried           int      // sets of optional scopes that were given up
	now             func() time.Time
	sleep           func(context.Context, time.Duration) error

	mu     sync.Mutex
	token  string
	renew  time.Time // when the token is replaced
	refuse string    // a token that the API refused
}

// defaults fills the clock.
func (a *keyAuth) defaults() {
	if a.now == nil {
		a.now = time.Now
	}
	if a.sleep == nil {
		a.sleep = func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(d):
				return nil
			}
		}
	}
}

// Authorize implements rest.Authorizer.
func (a *keyAuth) Authorize(ctx context.Context, r *http.Request) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token == "" || a.token == a.refuse || !a.now().Before(a.renew) {
		if err := a.fetch(ctx); err != nil {
			return err
		}
	}
	r.Header.Set("Authorization", "Bearer "+a.token)
	return nil
}

// Invalidate implements rest.Invalidator: the token of the refused request is
// not used again.
func (a *keyAuth) Invalidate(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refuse = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// fetch gets a token. Each attempt signs an assertion of its own, since the
// platform refuses one that it has seen.
func (a *keyAuth) fetch(ctx context.Context) error {
	wait := time.Second
	for attempt := 1; ; attempt++ {
		p, err := a.ask(ctx)
		if err == nil {
			return a.keep(p)
		}
		if a.withoutOptional(err) {
			continue
		}
		if attempt >= 5 || !passing(err) {
			return a.explain(err)
		}
		if err := a.sleep(ctx, wait); err != nil {
			return err
		}
		wait *= 2
	}
}

// optionalScopes are the scopes of optional streams, in the sets that are given
// up together: first those that need a licence, then the other, then both.
var optionalScopes = [][]string{{entitlementsScope, certificationsScope}, {rolesScope}, {rolesScope, entitlementsScope, certificationsScope}}

// withoutOptional gives up the next set of optional scopes when the app was not
// granted every scope: the platform then refuses them all. Their streams are
// refused later, by themselves, and told as absent.
func (a *keyAuth) withoutOptional(err error) bool {
	var api *rest.APIError
	if !errors.As(err, &api) || api.Code != "invalid_scope" {
		return false
	}
	for a.tried < len(optionalScopes) {
		drop := optionalScopes[a.tried]
		a.tried++
		left := slices.DeleteFunc(slices.Clone(a.all), func(s string) bool { return slices.Contains(drop, s) })
		if len(left) > 0 && len(left) < len(a.all) {
			a.scopes = left
			return true
		}
	}
	return false
}

// passing reports whether a failure may pass by itself: one below HTTP that is
// not our own refusal, a full bucket, or a fault of the server.
func passing(err error) bool {
	status := rest.StatusOf(err)
	return status == 0 && access.HintOf(err) == "" || status == http.StatusTooManyRequests || status >= 500
}

// ask sends one token request.
func (a *keyAuth) ask(ctx context.Context) (*rest.Page, error) {
	signed, err := a.assertion()
	if err != nil {
		return nil, err
	}
	form := url.Values{
		"grant_type":            {"client_credentials"},
		"scope":                 {strings.Join(a.scopes, " ")},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {signed},
	}
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	return a.client.Do(ctx, http.MethodPost, tokenPath, h, []byte(form.Encode()))
}

// keep stores the token of an answer. It is replaced when nine tenths of its
// life are over, so that no request carries one that expires on its way.
func (a *keyAuth) keep(p *rest.Page) error {
	var t struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if err := json.Unmarshal(p.Body, &t); err != nil || t.AccessToken == "" {
		return errors.New("get an okta access token: the answer holds none")
	}
	if !strings.EqualFold(t.TokenType, "Bearer") {
		return access.WithHint(fmt.Errorf("get an okta access token: it is of type %q", access.Printable(t.TokenType)),
			"winnow sends bearer tokens: switch off \"Require DPoP\" in the service app")
	}
	a.token = t.AccessToken
	a.renew = a.now().Add(time.Duration(t.ExpiresIn * 0.9 * float64(time.Second)))
	return nil
}

// explain adds the way out to a refusal of the token endpoint.
func (a *keyAuth) explain(err error) error {
	var api *rest.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("get an okta access token: %w", err)
	}
	hint := "check client_id, key_id and private_key: the service app must list the public key under this key id"
	switch {
	case strings.Contains(api.Code, "dpop"):
		hint = "winnow sends bearer tokens: switch off \"Require DPoP\" in the service app"
	case api.Code == "invalid_scope":
		hint = "grant the service app every one of the scopes " + strings.Join(a.scopes, ", ")
	case api.Status == http.StatusTooManyRequests || api.Status >= 500:
		hint = "the platform is busy; start again later"
	}
	return access.WithHint(fmt.Errorf("get an okta access token: %w", err), hint)
}
