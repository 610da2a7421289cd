package rest

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// gates admit the requests of a tenant, one gate a rate-limit bucket.
type gates struct {
	mu sync.Mutex
	of map[string]*gate
}

// A gate knows what the server said about one bucket. Requests that are on
// their way count as spent, so that streams which run side by side do not
// overdraw the window together.
type gate struct {
	until time.Time // a pause that the server asked for
	told  bool      // the server has named its allowance
	limit int       // requests a window
	left  int       // of the present window, those on their way taken off
	reset time.Time // end of the window by our clock; zero until the new window is told
	pad   time.Duration
	away  int // requests without an answer yet
}

// sameWindow is how far two answers of one window may differ about its end:
// Date has whole seconds, and answers take their time.
const sameWindow = 3 * time.Second

// at returns the bucket's gate. The caller holds the lock.
func (g *gates) at(bucket string) *gate {
	if g.of == nil {
		g.of = map[string]*gate{}
	}
	if g.of[bucket] == nil {
		g.of[bucket] = &gate{}
	}
	return g.of[bucket]
}

// pause closes the bucket until t, unless it is closed for longer already.
func (g *gates) pause(bucket string, t time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b := g.at(bucket); t.After(b.until) {
		b.until = t
	}
}

// take books a request and returns 0, or returns how long to wait before
// asking again.
func (g *gates) take(bucket string, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.at(bucket)
	if left := b.until.Sub(now); left > 0 {
		return left
	}
	if wait := b.wait(now); wait > 0 {
		return wait
	}
	b.left--
	b.away++
	return 0
}

// wait is the time until the window allows another request. A window that is
// over is followed by one of the same size, of which the requests on their way
// may already be part.
func (b *gate) wait(now time.Time) time.Duration {
	if b.told && !b.reset.IsZero() && !now.Before(b.reset.Add(b.pad)) {
		b.left, b.reset = b.limit-b.away, time.Time{}
	}
	switch {
	case !b.told || b.left > 0:
		return 0
	case !b.reset.IsZero():
		return b.reset.Add(b.pad).Sub(now)
	case b.away > 0: // the whole new window is on its way: its answers will tell
		return 50 * time.Millisecond
	}
	b.told = false // answers came, none with an allowance
	return 0
}

// admit waits until the bucket has room for a request, and books it. The pause
// may be prolonged by another stream meanwhile, so it looks again.
func (c *Client) admit(ctx context.Context, bucket string) error {
	for {
		wait := c.gates.take(bucket, c.opts.Now())
		if wait <= 0 {
			return context.Cause(ctx)
		}
		if err := c.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// settle notes that a booked request ended, and what its answer, if there is
// one, says about the bucket's window. Headers that make no sense, a reset in
// the past among them, change nothing.
func (c *Client) settle(bucket string, p *Page) {
	c.gates.mu.Lock()
	defer c.gates.mu.Unlock()
	b := c.gates.at(bucket)
	b.away--
	if p == nil || isConcurrency(p.Header) {
		return
	}
	now := c.opts.Now()
	wait := resetAt(p.Header).Sub(serverTime(p.Header, now))
	remaining, err := strconv.Atoi(limitOf(p.Header, "Remaining"))
	if err != nil || wait <= 0 || wait > c.opts.MaxWait {
		return
	}
	b.note(allowance(p.Header), remaining, now.Add(wait), c.second())
}

// note takes over what an answer told.
func (b *gate) note(limit, remaining int, reset time.Time, pad time.Duration) {
	switch {
	case b.told && (b.reset.IsZero() || reset.Before(b.reset.Add(sameWindow))):
		b.left = min(b.left, remaining)
	default:
		b.left, b.pad = remaining-b.away, pad
	}
	if reset.After(b.reset) {
		b.reset = reset
	}
	b.told, b.limit = true, limit
}

// allowance reads how many requests a window holds; many where it is not told.
func allowance(h http.Header) int {
	if n, err := strconv.Atoi(limitOf(h, "Limit")); err == nil && n > 0 {
		return n
	}
	return math.MaxInt32
}
