package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// newAuthorizer chooses how requests are signed.
func newAuthorizer(o Options) (rest.Authorizer, error) {
	if o.AccessToken != "" {
		return bearer(o.AccessToken), nil
	}
	a := &appAuthorizer{opt: o, scope: strings.TrimRight(o.GraphURL, "/") + "/.default"}
	if _, err := a.credential(); err != nil {
		return nil, err
	}
	return a, nil
}

// bearer is an access token that was made elsewhere.
type bearer string

// Authorize adds the token.
func (b bearer) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+string(b))
	return nil
}

// An appAuthorizer signs in as an app registration (OAuth 2.0 client
// credentials). The library keeps the token and renews it in time.
type appAuthorizer struct {
	opt   Options
	scope string

	mu   sync.Mutex
	cred azcore.TokenCredential
}

// credential returns the library's credential, making it where there is none.
func (a *appAuthorizer) credential() (azcore.TokenCredential, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cred != nil {
		return a.cred, nil
	}
	cred, err := newCredential(a.opt)
	if err != nil {
		return nil, err
	}
	a.cred = cred
	return cred, nil
}

// Authorize adds a token that is valid now.
func (a *appAuthorizer) Authorize(ctx context.Context, r *http.Request) error {
	cred, err := a.credential()
	if err != nil {
		return err
	}
	token, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{a.scope}})
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return access.WithHint(fmt.Errorf("sign in to entra at %s: %w", a.opt.AuthorityURL, shortAuthError(err)), a.opt.credentialHint())
	}
	r.Header.Set("Authorization", "Bearer "+token.Token)
	return nil
}

// Invalidate forgets the token, and with it the library's cache.
func (a *appAuthorizer) Invalidate(*http.Request) {
	a.mu.Lock()
	a.cred = nil
	a.mu.Unlock()
}

// shortAuthError takes the platform's own sentence out of the library's error,
// which prints whole requests and answers.
func shortAuthError(err error) error {
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil {
		return err
	}
	var body struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	raw, readErr := io.ReadAll(io.LimitReader(failed.RawResponse.Body, 64<<10))
	if readErr != nil || json.Unmarshal(raw, &body) != nil {
		return &rest.APIError{Status: failed.RawResponse.StatusCode}
	}
	sentence, _, _ := strings.Cut(body.Description, "\r\n")
	return &rest.APIError{Status: failed.RawResponse.StatusCode, Code: body.Code, Summary: sentence}
}
