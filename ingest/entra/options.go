package entra

import (
	"context"
	"net/http"
	"time"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// Options say which tenant to read and how to sign in: with the secret of an
// app registration, or with an access token that was made elsewhere.
type Options struct {
	TenantID     string
	ClientID     string
	ClientSecret string
	AccessToken  string // used in place of the three above; it is not renewed

	GraphURL     string // default https://graph.microsoft.com
	AuthorityURL string // default https://login.microsoftonline.com; https only

	// Retention is how far back the tenant keeps its logs; default 30 days.
	Retention time.Duration
	// Overlap is how much of the log is read again for late events; default
	// and least sensible value 24 hours.
	Overlap time.Duration

	UserAgent string                                     // default "winnow"
	Transport http.RoundTripper                          // default http.DefaultTransport's clone
	Now       func() time.Time                           // default time.Now
	Sleep     func(context.Context, time.Duration) error // default waits for the time or the context
}

// Defaults of Options.
const (
	defaultGraph     = "https://graph.microsoft.com"
	defaultAuthority = "https://login.microsoftonline.com"
	defaultRetention = 30 * 24 * time.Hour
	defaultOverlap   = 24 * time.Hour
)

// withDefaults fills the fields that the caller left empty.
func (o Options) withDefaults() Options {
	if o.GraphURL == "" {
		o.GraphURL = defaultGraph
	}
	if o.AuthorityURL == "" {
		o.AuthorityURL = defaultAuthority
	}
	if o.Retention == 0 {
		o.Retention = defaultRetention
	}
	if o.Overlap == 0 {
		o.Overlap = defaultOverlap
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return o
}

// sleep waits for d or for the end of ctx, whichever is first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// New returns the source for a tenant. It speaks to nobody yet. Errors: a URL
// that cannot be used, credentials that are missing or malformed.
func New(o Options) (*Source, error) {
	o = o.withDefaults()
	auth, err := newAuthorizer(o)
	if err != nil {
		return nil, err
	}
	budget := &window{limit: reportRequests, per: reportWindow, now: o.Now, sleep: o.Sleep}
	client, err := rest.New(o.GraphURL, auth, rest.Options{
		UserAgent: o.UserAgent, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		Bucket: bucket, Before: budget.before, ParseError: parseError,
	})
	if err != nil {
		return nil, access.WithHint(err, "graph_url is https://graph.microsoft.com, or its counterpart in your cloud")
	}
	return &Source{client: client, auth: auth, opt: o}, nil
}
