// Package oauth gets access tokens by OAuth 2.0 client credentials (RFC 6749,
// section 4.4) and keeps each until shortly before it expires. The secret goes
// to the token endpoint only, and stands in no error.
package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Client is what a token endpoint knows of us.
type Client struct {
	Endpoint string // full URL of the token endpoint
	ID       string
	Secret   string
	Basic    bool       // send id and secret as HTTP Basic instead of in the form
	Form     url.Values // further fields, such as audience or scope
	Hint     string     // what to check when the endpoint refuses
}

// Tokens is a rest.Authorizer that adds a bearer token which is valid now. Its
// methods may be called from several goroutines.
type Tokens struct {
	c    Client
	rest *rest.Client
	path string
	now  func() time.Time

	mu     sync.Mutex
	token  string
	renew  time.Time // when the token is replaced
	refuse string    // a token that the API refused
}

// New returns the tokens of a client. It talks to nobody. Errors: the endpoint
// is not a usable URL, or id or secret are empty.
func New(c Client, o rest.Options) (*Tokens, error) {
	if c.ID == "" || c.Secret == "" {
		return nil, access.WithHint(errors.New("prepare the sign-in: client id or client secret is missing"), c.Hint)
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" {
		return nil, access.WithHint(errors.New("prepare the sign-in: the token endpoint is not a url"), c.Hint)
	}
	o.RepeatPosts, o.ParseError, o.Bucket, o.Retryable = true, parseError, nil, nil
	client, err := rest.New(u.Scheme+"://"+u.Host, nil, o)
	if err != nil {
		return nil, fmt.Errorf("prepare the sign-in: %w", err)
	}
	t := &Tokens{c: c, rest: client, path: u.EscapedPath(), now: o.Now}
	if t.now == nil {
		t.now = time.Now
	}
	return t, nil
}

// parseError reads the error body of RFC 6749, section 5.2.
func parseError(_ int, _ http.Header, body []byte) rest.APIError {
	code, errCode := rest.StringField(body, "error")
	text, errText := rest.StringField(body, "error_description")
	if errCode != nil || errText != nil {
		return rest.APIError{} // not JSON: the status alone is known
	}
	return rest.APIError{Code: code, Summary: text}
}

// Authorize implements rest.Authorizer.
func (t *Tokens) Authorize(ctx context.Context, r *http.Request) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == "" || t.token == t.refuse || !t.now().Before(t.renew) {
		if err := t.fetch(ctx); err != nil {
			return err
		}
	}
	r.Header.Set("Authorization", "Bearer "+t.token)
	return nil
}

// Invalidate implements rest.Invalidator: the token of the refused request is
// not used again.
func (t *Tokens) Invalidate(r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refuse = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// fetch gets a token. It is replaced when nine tenths of its life are over, so
// that no request carries one that expires on its way.
func (t *Tokens) fetch(ctx context.Context) error {
	form := url.Values{"grant_type": {"client_credentials"}}
	for k, v := range t.c.Form {
		form[k] = v
	}
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if t.c.Basic {
		pair := url.QueryEscape(t.c.ID) + ":" + url.QueryEscape(t.c.Secret)
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	} else {
		form.Set("client_id", t.c.ID)
		form.Set("client_secret", t.c.Secret)
	}
	p, err := t.rest.Do(ctx, http.MethodPost, t.path, h, []byte(form.Encode()))
	if err != nil {
		return t.explain(fmt.Errorf("get an access token: %w", err))
	}
	var got struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if err := json.Unmarshal(p.Body, &got); err != nil || got.AccessToken == "" || !strings.EqualFold(got.TokenType, "Bearer") {
		return access.WithHint(errors.New("get an access token: the answer holds no bearer token"), t.c.Hint)
	}
	t.token = got.AccessToken
	t.renew = t.now().Add(time.Duration(got.ExpiresIn * 0.9 * float64(time.Second)))
	return nil
}

// explain adds the way out to a refusal.
func (t *Tokens) explain(err error) error {
	if s := rest.StatusOf(err); s >= 400 && s < 500 && s != http.StatusTooManyRequests && access.HintOf(err) == "" {
		return access.WithHint(err, t.c.Hint)
	}
	return err
}

// Bearer is an access token that was made elsewhere.
type Bearer string

// Authorize implements rest.Authorizer.
func (b Bearer) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+string(b))
	return nil
}
