package okta

import (
	"fmt"

	"winnow/internal/rest"
)

// Client returns a client of the org for who changes it: no request but GET is
// sent twice after an answer that does not tell what became of it. It talks to
// nobody yet. Errors: the URL or the key is none, or there is no credential.
func (c Config) Client() (*rest.Client, error) {
	c.REST.Once = true
	auth, err := c.authorizer()
	if err != nil {
		return nil, err
	}
	client, err := rest.New(c.OrgURL, auth, c.options())
	if err != nil {
		return nil, fmt.Errorf("open the okta org: %w", err)
	}
	return client, nil
}
