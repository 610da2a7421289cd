package rest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// opened asks a server that answers with h.
func opened(t *testing.T, o Options, h http.HandlerFunc) (*Stream, error) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := New(srv.URL, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	return c.Open(t.Context(), "/big", nil)
}

func TestOpenRetriesUntilTheAnswerBegins(t *testing.T) {
	asked := 0
	s, err := opened(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.Header().Set("Retry-After", "0.01")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 200_000))
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(s)
	if err := errors.Join(err, s.Close()); err != nil || len(b) != 200_000 || asked != 2 {
		t.Errorf("%d bytes after %d requests, err %v", len(b), asked, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := opened(t, Options{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }); StatusOf(err) != http.StatusForbidden {
		t.Errorf("err %v", err)
	}
	_, err := opened(t, Options{}, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>sign in</html>") })
	if err == nil || !strings.Contains(err.Error(), "web page") {
		t.Errorf("a sign-in page: %v", err)
	}
}

func TestStreamsAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		opt  Options
		h    http.HandlerFunc
		want string
	}{
		"too much": {Options{MaxBody: 1000}, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
		}, "more than 1000 bytes"},
		"silence": {Options{IdleTimeout: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 1000))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "fell silent"},
		"cut": {Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(w, strings.Repeat("x", 1000))
		}, "unexpected EOF"},
	} {
		c.opt.MaxAttempts = 1
		s, err := opened(t, c.opt, c.h)
		if err == nil {
			_, err = io.ReadAll(s)
			if cerr := s.Close(); cerr != nil {
				t.Errorf("%s: close: %v", name, cerr)
			}
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err %v", name, err)
		}
	}
}
