package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"winnow/internal/access"
)

// Backoff: half a second, doubling, up to half a minute.
const (
	backoffFirst = 500 * time.Millisecond
	backoffLast  = 30 * time.Second
)

// retry sends the call until it is answered, refused for good, or the attempts
// are used up.
func (c *Client) retry(ctx context.Context, k call) (*Page, error) {
	bucket := c.opts.Bucket(k.method, k.url)
	renewed := c.auth == nil
	send := k.send
	if send == nil {
		send = c.attempt
	}
	for n := 1; ; n++ {
		if err := c.admit(ctx, bucket); err != nil {
			return nil, err
		}
		p, r, err := send(ctx, k)
		c.settle(bucket, p)
		if err == nil && p.Status == http.StatusUnauthorized && !renewed {
			c.invalidate(r)
			renewed = true
			n--
			continue
		}
		if err != nil && r == nil {
			return nil, err
		}
		wait, err := c.judge(ctx, k, p, err)
		switch {
		case err == nil:
			return p, nil
		case wait == nil:
			return nil, err
		case n >= c.attempts(p):
			return nil, fmt.Errorf("give up after %d attempts: %w", n, err)
		}
		meterOf(ctx).again()
		if err := c.rest(ctx, bucket, p, wait(c.backoff(n))); err != nil {
			return nil, err
		}
	}
}

// webPages is how often a request is sent whose good answer is a web page: a
// proxy's notice passes by itself, a sign-in page does not.
const webPages = 3

// attempts is how often a request may be sent that was answered so.
func (c *Client) attempts(p *Page) int {
	if p != nil && p.Status < 300 {
		return min(webPages, c.opts.MaxAttempts)
	}
	return c.opts.MaxAttempts
}

// judge returns nil for a usable answer; for any other the error that it
// amounts to and, if the call may be sent again, how to find the wait before
// that from the backoff.
func (c *Client) judge(ctx context.Context, k call, p *Page, err error) (func(time.Duration) time.Duration, error) {
	own := func(backoff time.Duration) time.Duration { return backoff }
	if err != nil {
		if c.repeatable(k.method) && retryableTransport(ctx, err) {
			return own, err
		}
		return nil, err
	}
	if err = c.refusal(p); err == nil || !c.mayRepeat(k.method, p, err) {
		return nil, err
	}
	asked := c.askedWait(p)
	switch {
	case asked > c.opts.MaxWait:
		return nil, access.WithHint(fmt.Errorf("asked to wait %s, more than the %s allowed: %w", asked.Round(time.Second), c.opts.MaxWait, err),
			"start again later; what was landed is kept")
	case asked <= 0:
		return own, err
	}
	// Jitter only ever lengthens: coming early would spend a refusal.
	return func(time.Duration) time.Duration { return asked + c.second() }, err
}

// second is up to a second, at random.
func (c *Client) second() time.Duration { return time.Duration(c.opts.Jitter() * float64(time.Second)) }

// rest waits before the next attempt. Where the server asked for it, the whole
// bucket pauses, this request with it; else this request alone sleeps.
func (c *Client) rest(ctx context.Context, bucket string, p *Page, wait time.Duration) error {
	if p != nil && (p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable) {
		c.gates.pause(bucket, c.opts.Now().Add(wait))
		return nil
	}
	return c.sleep(ctx, wait)
}

// refusal returns nil for a usable answer, and otherwise the error that it
// amounts to.
func (c *Client) refusal(p *Page) error {
	page := len(p.Body) > 0 && isWebPage(p.Header, p.Body)
	switch {
	case p.Status >= 400 && page:
		return &APIError{Status: p.Status, Summary: "with a web page"}
	case p.Status >= 400:
		e := c.opts.ParseError(p.Status, p.Header, p.Body)
		e.Status = p.Status
		return &e
	case p.Status >= 300:
		return fmt.Errorf("the server answered %d, a redirect that is not followed", p.Status)
	case page:
		return access.WithHint(errors.New("the server answered with a web page instead of json"),
			"check the base url: a sign-in page, a proxy or another site answers there")
	}
	return nil
}

// mayRepeat reports whether a refused call may be sent again.
func (c *Client) mayRepeat(method string, p *Page, err error) bool {
	if p.Status == http.StatusTooManyRequests {
		return true
	}
	if !c.repeatable(method) {
		return false
	}
	if p.Status < 300 {
		return true // a web page: see webPages
	}
	var api *APIError
	if !errors.As(err, &api) || c.opts.Final != nil && c.opts.Final(api) {
		return false
	}
	return retryableStatus(p.Status) || c.opts.Retryable != nil && c.opts.Retryable(api)
}

// repeatable reports whether sending the method twice is harmless.
func (c *Client) repeatable(method string) bool {
	switch {
	case c.opts.RepeatPosts:
		return true
	case c.opts.Once:
		return method == http.MethodGet
	}
	return method != http.MethodPost && method != http.MethodPatch
}

// invalidate tells a caching authorizer that its credential was refused.
func (c *Client) invalidate(r *http.Request) {
	if i, ok := c.auth.(Invalidator); ok {
		i.Invalidate(r)
	}
}

// backoff is the wait before attempt n+1: exponential, the upper half random so
// that streams which failed together do not return together.
func (c *Client) backoff(n int) time.Duration {
	d := backoffLast
	if n < 7 {
		d = min(backoffFirst<<(n-1), backoffLast)
	}
	return d/2 + time.Duration(c.opts.Jitter()*float64(d/2))
}
