package hris

import (
	"context"
	"net/http"

	"winnow/internal/rest"
)

// A credential adds itself to a request. It is a function so that printing it
// shows nothing.
type credential func(r *http.Request)

// Authorize implements rest.Authorizer.
func (c credential) Authorize(_ context.Context, r *http.Request) error {
	c(r)
	return nil
}

// Basic is a user with a password, by RFC 7617.
func Basic(user, password string) rest.Authorizer {
	return credential(func(r *http.Request) { r.SetBasicAuth(user, password) })
}

// Bearer is an access token that was made elsewhere.
func Bearer(token string) rest.Authorizer {
	return credential(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
}

// BasicWithKey is a user with a password and a key in a header of its own.
func BasicWithKey(user, password, header, key string) rest.Authorizer {
	return credential(func(r *http.Request) {
		r.SetBasicAuth(user, password)
		r.Header.Set(header, key)
	})
}
