package rest

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pauses remembers, for each rate-limit bucket, until when nothing may be sent.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// set pauses the bucket until t, unless it pauses longer already.
func (p *pauses) set(bucket string, t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == nil {
		p.until = map[string]time.Time{}
	}
	if t.After(p.until[bucket]) {
		p.until[bucket] = t
	}
}

// wait sleeps until the bucket's pause is over. The pause may have been
// prolonged by another stream meanwhile, so it looks again.
func (p *pauses) wait(ctx context.Context, bucket string, now func() time.Time, sleep func(context.Context, time.Duration) error) error {
	for {
		p.mu.Lock()
		left := p.until[bucket].Sub(now())
		p.mu.Unlock()
		if left <= 0 {
			return context.Cause(ctx)
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}

// askedWait returns how long the answer asks to wait before the next attempt,
// with Retry-After (429 and 503 only) or X-Rate-Limit-Reset (429 only), and
// nothing positive where it does not.
func (c *Client) askedWait(p *Page) time.Duration {
	asked := time.Duration(0)
	served := serverTime(p.Header, c.opts.Now())
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		asked = retryAfter(p.Header, served)
	}
	if asked <= 0 && p.Status == http.StatusTooManyRequests && !isConcurrency(p.Header) {
		asked = resetAt(p.Header).Sub(served)
	}
	return asked
}

// noteExhausted pauses the bucket when a good answer says that it was the last
// one of its rate-limit window, which spares the refusal.
func (c *Client) noteExhausted(bucket string, p *Page) {
	if p.Status >= 400 || p.Header.Get("X-Rate-Limit-Remaining") != "0" || isConcurrency(p.Header) {
		return
	}
	now := c.opts.Now()
	wait := resetAt(p.Header).Sub(serverTime(p.Header, now))
	if wait > 0 && wait <= c.opts.MaxWait {
		c.pause.set(bucket, now.Add(wait+c.second()))
	}
}

// isConcurrency recognises the limit on simultaneous requests, for which limit
// and remaining are both 0 and the reset is only a hint.
func isConcurrency(h http.Header) bool {
	return h.Get("X-Rate-Limit-Limit") == "0" && h.Get("X-Rate-Limit-Remaining") == "0"
}

// serverTime reads the Date header: resets are told in the server's time, and
// this machine's clock may be off.
func serverTime(h http.Header, now time.Time) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return now
}

// retryAfter reads Retry-After, which is seconds, perhaps with a fraction, or a
// date. It returns 0 when there is none that makes sense.
func retryAfter(h http.Header, served time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 {
		return time.Duration(math.Min(s, math.MaxInt32) * float64(time.Second))
	}
	if t, err := http.ParseTime(v); err == nil {
		return t.Sub(served)
	}
	return 0
}

// resetAt reads X-Rate-Limit-Reset in epoch seconds. The header may come twice;
// the later counts. It returns the zero time when there is none.
func resetAt(h http.Header) time.Time {
	var last int64
	for _, line := range h.Values("X-Rate-Limit-Reset") {
		for _, v := range strings.Split(line, ",") {
			if s, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64); err == nil {
				last = max(last, s)
			}
		}
	}
	if last == 0 {
		return time.Time{}
	}
	return time.Unix(last, 0)
}
