package okta

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A token is an access token that the org gave out.
type token struct {
	scopes  []string
	expires time.Time
}

// authorize returns 200, or the status with which the request is refused.
func (s *Server) authorize(r *http.Request, scope string) int {
	kind, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if kind == "SSWS" && value != "" && value == s.opt.APIToken {
		return http.StatusOK
	}
	s.mu.Lock()
	t, ok := s.tokens[value]
	s.mu.Unlock()
	switch {
	case kind != "Bearer" || !ok || !s.now().Before(t.expires):
		return http.StatusUnauthorized
	case !slices.Contains(t.scopes, scope):
		return http.StatusForbidden
	}
	return http.StatusOK
}

// token is the token endpoint: client credentials with a signed assertion. Its
// parameters may stand in the form or, as the second SDK sends them, in the URL.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.count("/oauth2/v1/token")
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", "The request is no form.")
		return
	}
	if r.Form.Get("grant_type") != "client_credentials" {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported.")
		return
	}
	if r.Form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		refuse(w, http.StatusUnauthorized, "invalid_client", "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.")
		return
	}
	if err := s.assertion(r, r.Form.Get("client_assertion")); err != nil {
		refuse(w, http.StatusUnauthorized, "invalid_client", "The client_assertion is not accepted: "+err.Error())
		return
	}
	scopes := strings.Fields(r.Form.Get("scope"))
	for _, scope := range scopes {
		if s.opt.Granted != nil && !slices.Contains(s.opt.Granted, scope) {
			refuse(w, http.StatusBadRequest, "invalid_scope", "One or more scopes are not configured for the client: "+scope)
			return
		}
	}
	s.grant(w, scopes)
}

// grant gives out a token.
func (s *Server) grant(w http.ResponseWriter, scopes []string) {
	value := rand.Text()
	s.mu.Lock()
	s.tokens[value] = token{scopes: scopes, expires: s.now().Add(s.opt.TokenLife)}
	s.mu.Unlock()
	body, err := json.Marshal(map[string]any{"token_type": "Bearer", "expires_in": int(s.opt.TokenLife.Seconds()),
		"access_token": value, "scope": strings.Join(scopes, " ")})
	if err != nil {
		panic(err) // strings and ints marshal
	}
	write(w, body)
}

// assertion verifies a client assertion: signature, key id, subject, audience,
// a life of at most an hour, and that it is new. A jti may be left out, as the
// vendor's second SDK does; where there is one, it serves once.
func (s *Server) assertion(r *http.Request, text string) error {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(text, claims, s.key,
		jwt.WithValidMethods([]string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}),
		jwt.WithIssuer(s.opt.ClientID), jwt.WithSubject(s.opt.ClientID), jwt.WithAudience(scheme+r.Host+"/oauth2/v1/token"),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.now))
	if err != nil {
		return err
	}
	exp, err := claims.GetExpirationTime()
	if err != nil {
		return err
	}
	if exp.After(s.now().Add(time.Hour)) {
		return errors.New("it expires more than an hour from now")
	}
	id, ok := claims["jti"].(string)
	if !ok || id == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used[id] {
		return errors.New("its jti was used before")
	}
	s.used[id] = true
	return nil
}

// key returns the app's public key for its key id.
func (s *Server) key(t *jwt.Token) (any, error) {
	if s.opt.PublicKey == nil || t.Header["kid"] != s.opt.KeyID {
		return nil, errors.New("the key id is not known")
	}
	return s.opt.PublicKey, nil
}

// refuse answers as the token endpoint does.
func refuse(w http.ResponseWriter, status int, code, description string) {
	body, err := json.Marshal(map[string]string{"error": code, "error_description": description})
	if err != nil {
		panic(err) // strings marshal
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
