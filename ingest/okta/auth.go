package okta

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// authorizer returns what adds the credential to requests.
func (c Config) authorizer() (rest.Authorizer, error) {
	if c.APIToken != "" {
		return ssws(c.APIToken), nil
	}
	if c.ClientID == "" || c.PrivateKey == "" || c.KeyID == "" {
		return nil, access.WithHint(errors.New("open the okta org: no credential"),
			"set client_id, private_key and key_id of a service app, or api_token")
	}
	key, method, err := parseKey([]byte(c.PrivateKey))
	if err != nil {
		return nil, err
	}
	o := c.options()
	o.MaxAttempts = 1 // an assertion may be used once: see keyAuth.fetch
	client, err := rest.New(c.OrgURL, nil, o)
	if err != nil {
		return nil, fmt.Errorf("open the okta org: %w", err)
	}
	scopes := c.Scopes
	if len(scopes) == 0 {
		scopes = Scopes
	}
	a := &keyAuth{client: client, clientID: c.ClientID, keyID: c.KeyID, key: key, method: method, scopes: scopes, all: scopes,
		now: c.REST.Now, sleep: c.REST.Sleep}
	a.defaults()
	return a, nil
}

// ssws is an API token.
type ssws string

// Authorize implements rest.Authorizer.
func (t ssws) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "SSWS "+string(t))
	return nil
}

// parseKey reads a private key and chooses the algorithm that fits it.
func parseKey(pem []byte) (crypto.Signer, jwt.SigningMethod, error) {
	if key, err := jwt.ParseRSAPrivateKeyFromPEM(pem); err == nil {
		return key, jwt.SigningMethodRS256, nil
	}
	key, err := jwt.ParseECPrivateKeyFromPEM(pem)
	if err != nil {
		// The parser's words could repeat a part of the key: they are left out.
		return nil, nil, access.WithHint(errors.New("read the private key of the okta service app: not a key in pem form"),
			"save the key as PEM: it begins with -----BEGIN PRIVATE KEY-----")
	}
	method, err := ecMethod(key)
	return key, method, err
}

// ecMethod returns the algorithm that belongs to the key's curve.
func ecMethod(key *ecdsa.PrivateKey) (jwt.SigningMethod, error) {
	switch bits := key.Curve.Params().BitSize; bits {
	case 256:
		return jwt.SigningMethodES256, nil
	case 384:
		return jwt.SigningMethodES384, nil
	case 521:
		return jwt.SigningMethodES512, nil
	default:
		return nil, fmt.Errorf("read the private key of the okta service app: no algorithm for a curve of %d bits", bits)
	}
}

// assertion is the signed statement that the client is itself, good once and
// for five minutes.
func (a *keyAuth) assertion() (string, error) {
	now := a.now()
	t := jwt.NewWithClaims(a.method, jwt.MapClaims{
		"iss": a.clientID, "sub": a.clientID, "aud": a.client.Base() + tokenPath,
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": rand.Text(),
	})
	t.Header["kid"] = a.keyID
	signed, err := t.SignedString(a.key)
	if err != nil {
		return "", fmt.Errorf("sign the client assertion: %w", err)
	}
	return signed, nil
}
