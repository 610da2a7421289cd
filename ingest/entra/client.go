package entra

import (
	"winnow/internal/access"
	"winnow/internal/rest"
)

// Client returns a client of the tenant's Graph for who changes it: no request
// but GET is sent twice after an answer that does not tell what became of it. It
// speaks to nobody yet. Errors: a URL that cannot be used, credentials that are
// missing or malformed.
func Client(o Options) (*rest.Client, error) {
	o, err := o.withDefaults().withCloud()
	if err != nil {
		return nil, err
	}
	auth, err := newAuthorizer(o)
	if err != nil {
		return nil, err
	}
	client, err := rest.New(o.GraphURL, auth, rest.Options{UserAgent: o.UserAgent, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		Bucket: bucket, ParseError: parseError, Once: true})
	if err != nil {
		return nil, access.WithHint(err, "graph_url is https://graph.microsoft.com, or its counterpart in your cloud")
	}
	return client, nil
}
