package ping

import "winnow/internal/rest"

// Client returns a client of the environment for who changes it: no request but
// GET is sent twice after an answer that does not tell what became of it. It
// talks to nobody yet. Errors: no such region, no usable environment, or there is
// no credential.
func (c Config) Client() (*rest.Client, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	c.REST.Once = true
	return c.client()
}
