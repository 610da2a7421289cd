package rest

import (
	"context"
	"sync"
	"time"
)

// A Meter counts what a piece of work lost to the manners of a platform: the
// time in which at least one of its requests waited, and the attempts that had
// to be repeated. It may be shared by goroutines; the zero value is ready.
type Meter struct {
	mu      sync.Mutex
	waiting int
	since   time.Time
	waited  time.Duration
	repeats int64
}

type meterKey struct{}

// WithMeter returns a context whose requests are counted by m.
func WithMeter(ctx context.Context, m *Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// meterOf returns the context's meter, or nil.
func meterOf(ctx context.Context) *Meter {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return m
}

// Waited is the time lost to pauses, budgets and backoff so far. Waits side by
// side count once.
func (m *Meter) Waited() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waited
}

// Repeats is how many attempts were sent again so far.
func (m *Meter) Repeats() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.repeats
}

// again counts an attempt that is sent again.
func (m *Meter) again() {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.repeats++
	m.mu.Unlock()
}

// enter begins a wait and returns what ends it.
func (m *Meter) enter(now func() time.Time) (leave func()) {
	if m == nil {
		return func() {}
	}
	m.mu.Lock()
	if m.waiting++; m.waiting == 1 {
		m.since = now()
	}
	m.mu.Unlock()
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.waiting--; m.waiting == 0 {
			m.waited += now().Sub(m.since)
		}
	}
}

// sleep waits for d on the account of the context's meter.
func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	defer meterOf(ctx).enter(c.opts.Now)()
	return c.opts.Sleep(ctx, d)
}
