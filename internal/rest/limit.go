package rest

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

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

// isConcurrency recognises the limit on simultaneous requests, for which limit
// and remaining are both 0 and the reset is only a hint.
func isConcurrency(h http.Header) bool {
	return limitOf(h, "Limit") == "0" && limitOf(h, "Remaining") == "0"
}

// limitOf reads a rate-limit header in either of its spellings: Okta writes
// X-Rate-Limit-…, Auth0 X-RateLimit-….
func limitOf(h http.Header, name string) string {
	if v := h.Get("X-Rate-Limit-" + name); v != "" {
		return v
	}
	return h.Get("X-RateLimit-" + name)
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

// resetAt reads X-Rate-Limit-Reset, in either spelling, in epoch seconds. The header may come twice;
// the later counts. It returns the zero time when there is none.
func resetAt(h http.Header) time.Time {
	var last int64
	for _, line := range slices.Concat(h.Values("X-Rate-Limit-Reset"), h.Values("X-RateLimit-Reset")) {
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
