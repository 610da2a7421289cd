package entra

import (
	"context"
	"net/http"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// Options say which tenant to read and how to sign in: as an app registration
// with its secret, its certificate or a workload's identity, or with an access
// token that was made elsewhere.
type Options struct {
	TenantID string
	ClientID string

	ClientSecret        string
	Certificate         string // PEM or PFX, with the private key
	CertificatePassword string // of a PFX, where it has one
	WorkloadIdentity    bool   // by the token that a cluster writes into a file
	TokenFile           string // that file; default AZURE_FEDERATED_TOKEN_FILE
	AccessToken         string // used in place of all the above; it is not renewed

	Cloud        string // public (default), usgov, usgovdod or china
	GraphURL     string // default that of the cloud
	AuthorityURL string // default that of the cloud; https only

	// Exports serves the streams that come out of files only, of the same
	// tenant: a folder of Log Analytics or storage exports. Nil has none.
	Exports *ingest.Dir

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
	o, err := o.withDefaults().withCloud()
	if err != nil {
		return nil, err
	}
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
