package faulty

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// refuses answers in place of the platform where the kind says so, and reports
// whether it did.
func (s *Server) refuses(w http.ResponseWriter, r *http.Request, o Options, kind Kind) bool {
	h, now := w.Header(), o.Now().Add(o.Skew)
	cursor := r.URL.Query().Has("after") || r.URL.Query().Has("$skiptoken")
	switch kind {
	case TooMany:
		limited(h, seconds(now.Add(4*time.Second)))
	case ResetPast:
		limited(h, seconds(now.Add(-90*time.Second)))
	case ResetTwice:
		limited(h, seconds(now.Add(2*time.Second)), seconds(now.Add(7*time.Second)))
	case RetryAfter:
		h.Set("Retry-After", "3")
	case TooManyBare:
	case Internal:
		fail(w, http.StatusInternalServerError, "E0000009", "Internal Server Error")
		return true
	case BadGateway:
		page(w, http.StatusBadGateway, "Bad Gateway")
		return true
	case Unavailable:
		h.Set("Retry-After", "2")
		fail(w, http.StatusServiceUnavailable, "E0000010", "Service is in read only mode")
		return true
	case GatewayTime:
		w.WriteHeader(http.StatusGatewayTimeout)
		return true
	case WebPage:
		page(w, http.StatusOK, "Sign in")
		return true
	case TokenExpired:
		fail(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
		return true
	case CursorExpired:
		if cursor {
			fail(w, http.StatusBadRequest, "E0000029", "Invalid paging request.")
		}
		return cursor
	default:
		return false
	}
	fail(w, http.StatusTooManyRequests, "E0000047", "API call exceeded rate limit due to too many requests.")
	return true
}

// limited sets the headers of a spent bucket.
func limited(h http.Header, resets ...string) {
	h.Set("X-Rate-Limit-Limit", "600")
	h.Set("X-Rate-Limit-Remaining", "0")
	h["X-Rate-Limit-Reset"] = resets
}

// fail answers with an error that both platforms' clients can read.
func fail(w http.ResponseWriter, status int, code, summary string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"errorCode":%q,"errorSummary":%q,"error":{"code":%q,"message":%q}}`, code, summary, code, summary)
}

// page answers with HTML.
func page(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><html><title>"+title+"</title></html>")
}
