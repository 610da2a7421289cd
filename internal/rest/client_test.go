package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/internal/access"
)

// clock is a time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), append(c.slept, d)
	return ctx.Err()
}

// bearer counts how often it was asked and forgets its token when told to.
type bearer struct{ generation int }

func (b *bearer) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", fmt.Sprintf("Bearer t%d", b.generation))
	return nil
}

func (b *bearer) Invalidate(*http.Request) { b.generation++ }

// serve starts a server whose answers come from h and a client for it.
func serve(t *testing.T, o Options, auth Authorizer, h http.HandlerFunc) (*Client, *clock) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	k := newClock()
	o.Now, o.Sleep, o.Jitter = k.Now, k.Sleep, func() float64 { return 0 }
	o.Transport = s.Client().Transport
	c, err := New(s.URL, auth, o)
	if err != nil {
		t.Fatal(err)
	}
	return c, k
}

// after answers the first n requests with h and the others with an empty list.
func after(n int, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if n--; n >= 0 {
			h(w, r)
			return
		}
		io.WriteString(w, "[]")
	}
}

func TestGetSendsPathQueryAndManners(t *testing.T) {
	c, _ := serve(t, Options{UserAgent: "winnow/1"}, &bearer{}, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"uri":%q,"agent":%q,"auth":%q,"x":%q}`, r.URL.RequestURI(), r.UserAgent(), r.Header.Get("Authorization"), r.Header.Get("X-Test"))
	})
	p, err := c.Get(t.Context(), "/api/v1/groups/a%2Fb/users?limit=2&q=%22x%22", http.Header{"x-test": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"uri":"/api/v1/groups/a%2Fb/users?limit=2&q=%22x%22","agent":"winnow/1","auth":"Bearer t0","x":"1"}`
	if string(p.Body) != want {
		t.Errorf("got  %s\nwant %s", p.Body, want)
	}
}

func TestGetRetriesWhatPassesByItself(t *testing.T) {
	for _, status := range []int{429, 500, 502, 503, 504} {
		c, k := serve(t, Options{}, nil, after(3, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if _, err := c.Get(t.Context(), "/x", nil); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		if got := fmt.Sprint(k.slept); got != "[250ms 500ms 1s]" {
			t.Errorf("%d: slept %s", status, got)
		}
	}
}

func TestGetRetriesACutConnection(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `[{"id":`)
		panic(http.ErrAbortHandler)
	}
	c, k := serve(t, Options{}, nil, after(2, cut))
	if p, err := c.Get(t.Context(), "/x", nil); err != nil || string(p.Body) != "[]" || len(k.slept) != 2 {
		t.Errorf("got %v after %v", err, k.slept)
	}
}

// An answer is read over an earlier one where that leaves room, and is whole in
// any case, also after a refusal that took the room first.
func TestGetIntoReadsOverAnEarlierAnswer(t *testing.T) {
	answers := []string{strings.Repeat("a", 3000), strings.Repeat("b", 1000), strings.Repeat("c", 200_000), "[]"}
	n, refused := 0, false
	c, _ := serve(t, Options{}, nil, func(w http.ResponseWriter, _ *http.Request) {
		if refused = !refused; refused {
			w.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(w, strings.Repeat("x", 2000))
			return
		}
		io.WriteString(w, answers[n])
		n++
	})
	var read []byte
	over := 0
	for _, want := range answers {
		p, err := c.GetInto(t.Context(), "/x", nil, read)
		if err != nil || string(p.Body) != want {
			t.Fatalf("got %d bytes, %v", len(p.Body), err)
		}
		if len(read) > 0 && &read[0] == &p.Body[0] {
			over++
		}
		read = p.Body
	}
	if over == 0 {
		t.Error("no answer was read over another")
	}
}

func TestGetGivesUpAfterItsAttempts(t *testing.T) {
	n := 0
	c, _ := serve(t, Options{MaxAttempts: 3, ParseError: func(int, http.Header, []byte) APIError {
		return APIError{Code: "E9", Summary: "down", RequestID: "r1"}
	}}, nil, func(w http.ResponseWriter, _ *http.Request) { n++; w.WriteHeader(http.StatusServiceUnavailable) })
	_, err := c.Get(t.Context(), "/x", nil)
	if n != 3 || StatusOf(err) != 503 {
		t.Errorf("%d attempts, %v", n, err)
	}
	if want := "GET /x: give up after 3 attempts: the server answered 503 E9 down (request r1)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestGetReturnsARefusalAtOnce(t *testing.T) {
	n := 0
	c, _ := serve(t, Options{Retryable: func(e *APIError) bool { return e.Status == 423 }}, nil, func(w http.ResponseWriter, r *http.Request) {
		if n++; r.URL.Path == "/busy" && n == 1 {
			w.WriteHeader(http.StatusLocked)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	if _, err := c.Get(t.Context(), "/x", nil); n != 1 || StatusOf(err) != 404 {
		t.Errorf("%d attempts, %v", n, err)
	}
	f, _ := serve(t, Options{Final: func(e *APIError) bool { return e.Status == 500 }}, nil, func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.WriteHeader(http.StatusInternalServerError)
	})
	n = 0
	if _, err := f.Get(t.Context(), "/slow", nil); n != 1 || StatusOf(err) != 500 {
		t.Errorf("a final refusal: %d attempts, %v", n, err)
	}
	n = 0
	if _, err := c.Get(t.Context(), "/busy", nil); n != 2 || StatusOf(err) != 404 {
		t.Errorf("a retryable refusal: %d attempts, %v", n, err)
	}
}

func TestUnauthorizedRenewsOnce(t *testing.T) {
	b := &bearer{}
	c, _ := serve(t, Options{}, b, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t1" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	if _, err := c.Get(t.Context(), "/x", nil); err != nil {
		t.Error(err)
	}
	n := 0
	c, _ = serve(t, Options{}, b, func(w http.ResponseWriter, _ *http.Request) { n++; w.WriteHeader(http.StatusUnauthorized) })
	if _, err := c.Get(t.Context(), "/x", nil); StatusOf(err) != 401 || n != 2 {
		t.Errorf("%d attempts, %v", n, err)
	}
}

func TestPostsAreNotRepeated(t *testing.T) {
	for _, o := range []Options{{}, {RepeatPosts: true}} {
		n := 0
		c, _ := serve(t, o, nil, func(w http.ResponseWriter, r *http.Request) {
			if n++; n == 1 {
				w.WriteHeader(http.StatusTooManyRequests)
			} else if n == 2 {
				w.WriteHeader(http.StatusBadGateway)
			} else if r.Header.Get("Content-Length") != "0" {
				w.WriteHeader(http.StatusLengthRequired)
			}
		})
		_, err := c.Do(t.Context(), http.MethodPost, "/x", nil, nil)
		if o.RepeatPosts && (n != 3 || err != nil) || !o.RepeatPosts && (n != 2 || StatusOf(err) != 502) {
			t.Errorf("repeat %v: %d attempts, %v", o.RepeatPosts, n, err)
		}
	}
}

// TestOnce repeats after a refusal that says to wait, and after nothing else.
func TestOnce(t *testing.T) {
	for method, want := range map[string]int{http.MethodGet: 3, http.MethodDelete: 2, http.MethodPut: 2, http.MethodPost: 2} {
		n := 0
		c, _ := serve(t, Options{Once: true}, nil, func(w http.ResponseWriter, _ *http.Request) {
			if n++; n == 1 {
				w.WriteHeader(http.StatusTooManyRequests)
			} else if n == 2 {
				w.WriteHeader(http.StatusBadGateway)
			}
		})
		if _, err := c.Do(t.Context(), method, "/x", nil, nil); n != want || (err == nil) != (n == 3) {
			t.Errorf("%s: %d attempts, %v", method, n, err)
		}
	}
}

func TestWebPagesAreRefused(t *testing.T) {
	for _, contentType := range []string{"text/html; charset=utf-8", "application/json"} {
		asked := 0
		page := func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Content-Type", contentType)
			io.WriteString(w, "\n<!doctype html><title>Sign in</title>")
		}
		c, _ := serve(t, Options{}, nil, after(1, page))
		if _, err := c.Get(t.Context(), "/x", nil); err != nil || asked != 1 {
			t.Errorf("%s: a notice that passes: %v", contentType, err)
		}
		asked = 0
		c, _ = serve(t, Options{}, nil, page)
		_, err := c.Get(t.Context(), "/x", nil)
		if asked != webPages {
			t.Errorf("%s: asked %d times", contentType, asked)
		}
		if err == nil || !strings.Contains(err.Error(), "web page instead of json") || access.HintOf(err) == "" {
			t.Errorf("%s: %v", contentType, err)
		}
	}
}

func TestBodiesAreLimited(t *testing.T) {
	c, _ := serve(t, Options{MaxBody: 10}, nil, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("1", len(r.URL.Path)))
	})
	if _, err := c.Get(t.Context(), "/123456789", nil); err != nil {
		t.Error(err)
	}
	if _, err := c.Get(t.Context(), "/1234567890", nil); err == nil || access.HintOf(err) == "" {
		t.Errorf("no error for a body over the limit: %v", err)
	}
}

func TestSilenceAndSlownessAreCut(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	}
	c, _ := serve(t, Options{IdleTimeout: time.Minute, TotalTimeout: 60 * time.Millisecond, MaxAttempts: 2}, nil, drip)
	if _, err := c.Get(t.Context(), "/x", nil); !errors.Is(err, errTotal) {
		t.Errorf("a drip: %v", err)
	}
	c, _ = serve(t, Options{IdleTimeout: 30 * time.Millisecond, MaxAttempts: 2}, nil, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	if _, err := c.Get(t.Context(), "/x", nil); !errors.Is(err, errIdle) {
		t.Errorf("silence: %v", err)
	}
}

func TestCancellationEndsTheWait(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer s.Close()
	c, err := New(s.URL, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.Get(ctx, "/x", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
