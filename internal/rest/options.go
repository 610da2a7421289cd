package rest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// An Authorizer adds the credential to a request, fetching or refreshing it as
// needed. It is called before every attempt.
type Authorizer interface {
	Authorize(ctx context.Context, r *http.Request) error
}

// An Invalidator is an Authorizer that caches. After a 401 the client hands it
// the refused request, so that the next Authorize fetches a new credential.
type Invalidator interface {
	Invalidate(r *http.Request)
}

// Options fit a client to a platform. The zero value of every field has a
// working default.
type Options struct {
	UserAgent    string        // default "winnow"
	MaxBody      int64         // bytes of one answer after decompression; default 256 MiB
	IdleTimeout  time.Duration // longest silence of the server; default 90 s
	TotalTimeout time.Duration // longest time for one attempt; default 5 min
	MaxAttempts  int           // attempts for one request, the first included; default 8
	MaxWait      time.Duration // longest single wait that a server may ask for; default 15 min

	// PlainHTTP permits http:// to hosts other than this machine. Credentials
	// then cross the network in the clear.
	PlainHTTP bool

	// RepeatPosts says that this client's POST and PATCH requests may safely be
	// sent twice, as token requests may. Without it they are retried on 429 only.
	RepeatPosts bool

	// Once says that no request other than GET may be sent twice unless the
	// server refused it with 429, PUT and DELETE included: for a caller who
	// looks at the state before trying again.
	Once bool

	// Bucket names the rate-limit bucket to which a request belongs; requests
	// of one bucket pause together. The default is one bucket for the tenant.
	Bucket func(method string, u *url.URL) string

	// Before is called before every attempt, after the pause of its bucket and
	// before the credential is added: the place for a platform's own budget. An
	// error ends the request.
	Before func(ctx context.Context, r *http.Request) error

	// Observe sees the status and header of every answer, retried ones too.
	Observe func(r *http.Request, status int, h http.Header)

	// ParseError reads a platform's error body. Without it only the status is
	// known.
	ParseError func(status int, h http.Header, body []byte) APIError

	// Retryable names further errors that pass by themselves.
	Retryable func(*APIError) bool

	// Final names errors that do not pass by themselves although their status
	// says so: a query that times out is to be asked differently, not again.
	Final func(*APIError) bool

	Transport http.RoundTripper                          // default: a clone of http.DefaultTransport
	Now       func() time.Time                           // default time.Now
	Sleep     func(context.Context, time.Duration) error // default waits for the time or the context
	Jitter    func() float64                             // in [0, 1); default random
}

// withDefaults fills the fields that the caller left empty.
func (o Options) withDefaults() Options {
	setDefault(&o.UserAgent, "winnow")
	setDefault(&o.MaxBody, 256<<20)
	setDefault(&o.IdleTimeout, 90*time.Second)
	setDefault(&o.TotalTimeout, 5*time.Minute)
	setDefault(&o.MaxAttempts, 8)
	setDefault(&o.MaxWait, 15*time.Minute)
	if o.Bucket == nil {
		o.Bucket = func(string, *url.URL) string { return "" }
	}
	if o.ParseError == nil {
		o.ParseError = func(status int, _ http.Header, _ []byte) APIError { return APIError{Status: status} }
	}
	if o.Transport == nil {
		o.Transport = defaultTransport()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

// setDefault sets *p when it is the zero value.
func setDefault[T comparable](p *T, value T) {
	var zero T
	if *p == zero {
		*p = value
	}
}

// defaultTransport clones the library's transport, so that a client's idle
// connections and proxy settings are its own.
func defaultTransport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return http.DefaultTransport
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
