package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"winnow/internal/access"
)

// A Client speaks to one tenant of one platform.
type Client struct {
	usual atomic.Int64 // length of the last answer, bytes
	base  *url.URL
	auth  Authorizer
	opts  Options
	http  *http.Client
	gates gates
}

// A Page is one answer, read to its end.
type Page struct {
	Status int
	Header http.Header
	Body   []byte
	URL    string // the full URL that was asked, without credentials
}

// New returns a client for the base URL, such as https://acme.okta.com. A path
// in it is put before the path of every relative reference. auth may be nil for
// requests without a credential. It fails when base is not a usable URL.
func New(base string, auth Authorizer, o Options) (*Client, error) {
	u, err := parseBase(base, o.PlainHTTP)
	if err != nil {
		return nil, err
	}
	c := &Client{base: u, auth: auth, opts: o.withDefaults()}
	c.http = &http.Client{Transport: c.opts.Transport, CheckRedirect: c.checkRedirect}
	return c, nil
}

// Base returns the base URL without a trailing slash.
func (c *Client) Base() string { return c.base.String() }

// checkRedirect follows a few redirects of a GET inside the configured host.
func (c *Client) checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > 5 || via[0].Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	return sameOrigin(c.base, r.URL)
}

// Get asks for ref: a path with its query relative to the base, or an absolute
// link on the base's scheme, host and port; any other link is refused. Answers
// that may pass by themselves are retried. It fails with an *APIError in its
// chain when the platform refuses, and with a clear error when the answer is a
// web page or larger than MaxBody.
func (c *Client) Get(ctx context.Context, ref string, header http.Header) (*Page, error) {
	return c.GetInto(ctx, ref, header, nil)
}

// GetInto is Get for whoever is done with an earlier answer: the body is read
// into buf, over what that held, where it is large enough.
func (c *Client) GetInto(ctx context.Context, ref string, header http.Header, buf []byte) (*Page, error) {
	return c.do(ctx, ref, call{method: http.MethodGet, header: header, into: buf})
}

// Do is Get for any method. A nil body is sent with Content-Length: 0 where the
// method expects a body. POST and PATCH are retried on 429 only, unless
// Options.RepeatPosts is set.
func (c *Client) Do(ctx context.Context, method, ref string, header http.Header, body []byte) (*Page, error) {
	return c.do(ctx, ref, call{method: method, header: header, body: body})
}

// do resolves the reference and sends the call.
func (c *Client) do(ctx context.Context, ref string, k call) (*Page, error) {
	u, err := resolve(c.base, ref)
	if err != nil {
		return nil, err
	}
	k.url = u
	p, err := c.retry(ctx, k)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", k.method, access.Printable(shorten(u.Path, 200)), err)
	}
	return p, nil
}

// A call is one request, which may take several attempts.
type call struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte
	into   []byte // to be written over by the answer; may be nil

	// send makes one attempt; nil means Client.attempt.
	send func(ctx context.Context, k call) (*Page, *http.Request, error)
}

// attempt sends the call once and reads the answer to its end, whatever its
// status. The request is nil when it could not be built.
func (c *Client) attempt(ctx context.Context, k call) (*Page, *http.Request, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r, err := c.request(ctx, k)
	if err != nil {
		return nil, nil, err
	}
	total := time.AfterFunc(c.opts.TotalTimeout, func() { cancel(errTotal) })
	defer total.Stop()
	idle := time.AfterFunc(c.opts.IdleTimeout, func() { cancel(errIdle) })
	defer idle.Stop()
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, r, causeOf(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end, or is given up
	body, err := c.readBody(resp.Body, k.into, func() { idle.Reset(c.opts.IdleTimeout) })
	if err != nil {
		return nil, r, causeOf(ctx, err)
	}
	if c.opts.Observe != nil {
		c.opts.Observe(r, resp.StatusCode, resp.Header)
	}
	return &Page{Status: resp.StatusCode, Header: resp.Header, Body: body, URL: k.url.String()}, r, nil
}

// request builds the HTTP request and adds the credential.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, k.method, k.url.String(), bytes.NewReader(k.body))
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	for name, values := range k.header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	r.Header.Set("User-Agent", c.opts.UserAgent)
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	if c.opts.Before != nil {
		leave := meterOf(ctx).enter(c.opts.Now)
		err := c.opts.Before(ctx, r)
		if leave(); err != nil {
			return nil, err
		}
	}
	if c.auth != nil {
		if err := c.auth.Authorize(ctx, r); err != nil {
			return nil, fmt.Errorf("authorize: %w", err)
		}
	}
	return r, nil
}

// readBody reads an answer of at most MaxBody bytes, into buf where that is large
// enough, and calls alive after every piece. A connection that is cut before the
// announced length is an error.
func (c *Client) readBody(body io.Reader, buf []byte, alive func()) ([]byte, error) {
	b := bytes.NewBuffer(buf[:0])
	b.Grow(int(c.usual.Load()) + bytes.MinRead) // pages of a list are about as long as each other
	_, err := b.ReadFrom(io.LimitReader(aliveReader{body, alive}, c.opts.MaxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(b.Len()) > c.opts.MaxBody {
		return nil, access.WithHint(fmt.Errorf("read the answer: more than %d bytes", c.opts.MaxBody), "ask for smaller pages")
	}
	c.usual.Store(int64(b.Len()))
	return b.Bytes(), nil
}

// An aliveReader reports every piece that arrives.
type aliveReader struct {
	r     io.Reader
	alive func()
}

// Read implements io.Reader.
func (a aliveReader) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if n > 0 {
		a.alive()
	}
	return n, err
}

// causeOf prefers the reason for which the context was cut to the transport's
// "context canceled", and drops the URL that the library repeats in its errors.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
