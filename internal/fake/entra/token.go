package entra

import (
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// metadata is the OpenID configuration that sign-in libraries ask for first.
func (s *Server) metadata(w http.ResponseWriter, r *http.Request) {
	base := origin(r) + "/" + r.PathValue("tenant")
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                 base + "/v2.0",
		"authorization_endpoint": base + "/oauth2/v2.0/authorize",
		"token_endpoint":         base + "/oauth2/v2.0/token",
		"jwks_uri":               base + "/discovery/v2.0/keys",
	})
}

// token hands out access tokens for client credentials.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request", "AADSTS900144: The request body is not a form.")
		return
	}
	switch {
	case s.opt.TenantID != "" && r.PathValue("tenant") != s.opt.TenantID:
		oauthError(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant '"+r.PathValue("tenant")+"' not found.")
	case r.PostForm.Get("grant_type") != "client_credentials":
		oauthError(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.")
	case !strings.HasSuffix(r.PostForm.Get("scope"), "/.default") && !strings.Contains(r.PostForm.Get("scope"), "/.default "):
		oauthError(w, http.StatusBadRequest, "invalid_scope", "AADSTS1002012: The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.")
	case s.opt.ClientID != "" && r.PostForm.Get("client_id") != s.opt.ClientID:
		oauthError(w, http.StatusBadRequest, "unauthorized_client", "AADSTS700016: Application with identifier '"+r.PostForm.Get("client_id")+"' was not found in the directory.")
	case r.PostForm.Get("client_assertion_type") != "":
		if err := s.assertion(r.PostForm.Get("client_assertion")); err != nil {
			oauthError(w, http.StatusUnauthorized, "invalid_client", "AADSTS700027: "+err.Error())
			return
		}
		s.grant(w)
	case !s.secretMatches(r.PostForm.Get("client_secret")):
		oauthError(w, http.StatusUnauthorized, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
	default:
		s.grant(w)
	}
}

// grant hands out a token.
func (s *Server) grant(w http.ResponseWriter) {
	writeJSON(w, http.StatusOK, map[string]any{
		"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": s.issue(),
	})
}

// assertion verifies what an app signs in with in place of a secret: a
// statement that its certificate's key has signed, or that a workload's own
// issuer made.
func (s *Server) assertion(text string) error {
	if s.opt.Assertion != "" && subtle.ConstantTimeCompare([]byte(text), []byte(s.opt.Assertion)) == 1 {
		return nil
	}
	cert, err := x509.ParseCertificate(s.opt.Certificate)
	if err != nil {
		return errors.New("the key was not found")
	}
	_, err = jwt.Parse(text, func(*jwt.Token) (any, error) { return cert.PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256", "PS256"}), jwt.WithExpirationRequired())
	return err
}

// secretMatches compares in constant time.
func (s *Server) secretMatches(given string) bool {
	return given != "" && (s.opt.ClientSecret == "" ||
		subtle.ConstantTimeCompare([]byte(given), []byte(s.opt.ClientSecret)) == 1)
}

// issue makes a token.
func (s *Server) issue() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := randomID()
	if s.opt.Roles != nil {
		claims, _ := json.Marshal(map[string]any{"roles": s.opt.Roles}) // strings always marshal
		part := base64.RawURLEncoding.EncodeToString
		token = part([]byte(`{"alg":"none"}`)) + "." + part(claims) + "." + token
	}
	s.issued[token] = true
	return token
}

// oauthError answers as the token endpoint refuses.
func oauthError(w http.ResponseWriter, status int, code, description string) {
	writeJSON(w, status, map[string]any{
		"error": code, "error_description": description + "\r\nTrace ID: " + randomID(),
	})
}

// origin is the scheme and host under which the request reached us.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// writeJSON answers with a JSON object.
func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

// refuse answers with Graph's error envelope.
func refuse(w http.ResponseWriter, status int, code, message string) {
	id := w.Header().Get("request-id")
	writeJSON(w, status, map[string]any{"error": map[string]any{
		"code": code, "message": message,
		"innerError": map[string]any{"request-id": id, "client-request-id": id},
	}})
}
