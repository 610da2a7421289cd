package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestWaitsThatServersAskFor(t *testing.T) {
	// The server's clock runs an hour ahead of ours: resets count from its Date.
	served := newClock().now.Add(time.Hour)
	reset := func(s int) string { return strconv.FormatInt(served.Unix()+int64(s), 10) }
	for name, tc := range map[string]struct {
		status int
		header http.Header
		want   string
	}{
		"retry-after":           {429, http.Header{"Retry-After": {"7"}}, "[7s]"},
		"retry-after, fraction": {503, http.Header{"Retry-After": {"2.128"}}, "[2.128s]"},
		"retry-after, date":     {429, http.Header{"Retry-After": {served.Add(9 * time.Second).Format(http.TimeFormat)}}, "[9s]"},
		"retry-after on 500":    {500, http.Header{"Retry-After": {"7"}}, "[250ms]"},
		"retry-after, nonsense": {429, http.Header{"Retry-After": {"NaN"}}, "[250ms]"},
		"reset":                 {429, http.Header{"X-Rate-Limit-Reset": {reset(30)}}, "[30s]"},
		"reset twice":           {429, http.Header{"X-Rate-Limit-Reset": {reset(30), reset(45)}}, "[45s]"},
		"reset joined":          {429, http.Header{"X-Rate-Limit-Reset": {reset(45) + ", " + reset(3)}}, "[45s]"},
		"reset, one word":       {429, http.Header{"X-Ratelimit-Reset": {reset(30)}}, "[30s]"},
		"reset in the past":     {429, http.Header{"X-Rate-Limit-Reset": {reset(-30)}}, "[250ms]"},
		"concurrency":           {429, http.Header{"X-Rate-Limit-Reset": {reset(30)}, "X-Rate-Limit-Limit": {"0"}, "X-Rate-Limit-Remaining": {"0"}}, "[250ms]"},
	} {
		c, k := serve(t, Options{}, nil, after(1, func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range tc.header {
				w.Header()[name] = values
			}
			w.Header().Set("Date", served.Format(http.TimeFormat))
			w.WriteHeader(tc.status)
		}))
		if _, err := c.Get(t.Context(), "/x", nil); err != nil || fmt.Sprint(k.slept) != tc.want {
			t.Errorf("%s: slept %v, want %s (%v)", name, k.slept, tc.want, err)
		}
	}
}

func TestRetryAfterOnSuccessIsIgnored(t *testing.T) {
	c, k := serve(t, Options{}, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1209600")
		io.WriteString(w, "[]")
	})
	for range 2 {
		if _, err := c.Get(t.Context(), "/x", nil); err != nil || len(k.slept) != 0 {
			t.Errorf("slept %v, %v", k.slept, err)
		}
	}
}

func TestAnEndlessWaitIsAnError(t *testing.T) {
	c, k := serve(t, Options{}, nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1209600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	_, err := c.Get(t.Context(), "/x", nil)
	if err == nil || !strings.Contains(err.Error(), "asked to wait 336h") || StatusOf(err) != 429 || len(k.slept) != 0 {
		t.Errorf("slept %v, %v", k.slept, err)
	}
}

func TestBucketsPauseTogether(t *testing.T) {
	o := Options{Bucket: func(_ string, u *url.URL) string { return strings.Split(u.Path, "/")[1] }}
	served := newClock().now
	c, k := serve(t, o, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/logs/1" { // the last answer of its window
			w.Header().Set("Date", served.Format(http.TimeFormat))
			w.Header().Set("X-Rate-Limit-Limit", "60")
			w.Header().Set("X-Rate-Limit-Remaining", "0")
			w.Header().Set("X-Rate-Limit-Reset", strconv.FormatInt(served.Unix()+20, 10))
		}
		io.WriteString(w, "[]")
	})
	for _, step := range []struct{ path, slept string }{
		{"/logs/1", "[]"},
		{"/users/1", "[]"},
		{"/logs/2", "[20s]"},
		{"/logs/3", "[20s]"},
	} {
		if _, err := c.Get(t.Context(), step.path, nil); err != nil || fmt.Sprint(k.slept) != step.slept {
			t.Errorf("%s: slept %v, want %s (%v)", step.path, k.slept, step.slept, err)
		}
	}
}
