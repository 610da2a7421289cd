package okta

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"
)

// A window counts the requests of one bucket for a minute from the first.
type window struct {
	reset time.Time
	left  int
}

// admit takes one request from the bucket and tells the client what is left. A
// bucket without a rest is answered with 429, without Retry-After.
func (s *Server) admit(w http.ResponseWriter, bucket string) bool {
	limit := s.opt.PerMinute
	if limit == 0 {
		limit = math.MaxInt32
	}
	s.mu.Lock()
	now := s.now()
	win := s.windows[bucket]
	if win == nil || !now.Before(win.reset) {
		// Resets are told in whole seconds.
		win = &window{reset: now.Truncate(time.Second).Add(time.Minute), left: limit}
		s.windows[bucket] = win
	}
	win.left--
	left, reset := win.left, win.reset
	s.mu.Unlock()
	h := w.Header()
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(max(left, 0)))
	h.Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
	if left < 0 {
		fail(w, http.StatusTooManyRequests, "E0000047", "API call exceeded rate limit due to too many requests.")
		return false
	}
	return true
}

// fail answers with an error in the platform's form.
func fail(w http.ResponseWriter, status int, code, summary string, causes ...string) {
	type cause struct {
		Summary string `json:"errorSummary"`
	}
	body := struct {
		Code    string  `json:"errorCode"`
		Summary string  `json:"errorSummary"`
		Link    string  `json:"errorLink"`
		ID      string  `json:"errorId"`
		Causes  []cause `json:"errorCauses"`
	}{code, summary, code, "oae" + w.Header().Get("X-Okta-Request-Id"), []cause{}}
	for _, c := range causes {
		body.Causes = append(body.Causes, cause{c})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away is no fault of ours
}
