package entra

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// The reports (sign-ins, audits) allow five requests in ten seconds for one
// app and tenant; the directory has a budget of its own, told by throttling.
const (
	reportRequests = 5
	reportWindow   = 10 * time.Second
)

// isReport reports whether a URL asks for a log.
func isReport(u *url.URL) bool { return strings.Contains(u.Path, "/auditLogs/") }

// bucket keeps a pause that the reports were told to make from the directory's
// lists, and the other way round.
func bucket(_ string, u *url.URL) string {
	if isReport(u) {
		return "reports"
	}
	return "directory"
}

// A window admits limit requests in any span of time of length per.
type window struct {
	limit int
	per   time.Duration
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu   sync.Mutex
	sent []time.Time // of the last limit requests, oldest first
}

// before holds a request for a report back until the budget allows it, and
// tells the platform that a batch may wait for people's requests.
func (w *window) before(ctx context.Context, r *http.Request) error {
	r.Header.Set("x-ms-throttle-priority", "low")
	if !isReport(r.URL) {
		return nil
	}
	for {
		left := w.take()
		if left <= 0 {
			return nil
		}
		if err := w.sleep(ctx, left); err != nil {
			return err
		}
	}
}

// take books a request and returns 0, or returns how long to wait.
func (w *window) take() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if len(w.sent) == w.limit {
		if left := w.sent[0].Add(w.per).Sub(now); left > 0 {
			return left
		}
		w.sent = w.sent[1:]
	}
	w.sent = append(w.sent, now)
	return 0
}
