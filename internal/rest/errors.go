package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"winnow/internal/access"
)

// An APIError is a refusal in the platform's own words. Branch on Status and
// Code: summaries change.
type APIError struct {
	Status    int    // HTTP status
	Code      string // the platform's code, e.g. E0000006; empty when unknown
	Summary   string // the platform's sentence, as served; empty when unknown
	RequestID string // what the vendor's support asks for; empty when unknown
}

// Error describes the refusal in one printable line.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the server answered %d", e.Status)
	for _, part := range []string{e.Code, e.Summary} {
		if part != "" {
			b.WriteString(" " + access.Printable(shorten(part, 200)))
		}
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", access.Printable(shorten(e.RequestID, 80)))
	}
	return b.String()
}

// StatusOf returns the HTTP status of the APIError in err's chain, and 0 when
// there is none.
func StatusOf(err error) int {
	var e *APIError
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// Causes of a cut attempt.
var (
	errIdle  = errors.New("the server fell silent")
	errTotal = errors.New("the answer took too long")
)

// retryableStatus are the statuses that pass by themselves.
func retryableStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryableTransport reports whether a failure below HTTP may pass by itself: a
// cut or refused connection, silence, a failing resolver. A wrong certificate,
// an unknown host and our own refusals do not.
func retryableTransport(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	var refused *access.Hinted
	var cert *tls.CertificateVerificationError
	if errors.As(err, &refused) || errors.As(err, &cert) {
		return false
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return !dns.IsNotFound
	}
	return true
}

// isWebPage reports whether an answer is HTML, by its content type or its first
// byte, whatever the content type says.
func isWebPage(h http.Header, body []byte) bool {
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "html") {
		return true
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("<"))
}

// shorten cuts s after limit bytes, at a rune's edge.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
