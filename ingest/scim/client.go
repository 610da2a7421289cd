package scim

import "winnow/internal/rest"

// Client returns a client of the provider for who changes it: no request but GET
// is sent twice after an answer that does not tell what became of it. It talks to
// nobody yet. Errors: the URL is none, or there is no credential.
func (c Config) Client() (*rest.Client, error) {
	c.REST.Once = true
	return c.client()
}
