package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// bucket is a server that allows limit requests a minute and counts those that
// came beyond.
type bucket struct {
	mu    sync.Mutex
	clock *clock
	limit int
	left  int
	reset time.Time
	over  int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	if !now.Before(b.reset) {
		b.left, b.reset = b.limit, now.Add(time.Minute)
	}
	b.left--
	w.Header().Set("Date", now.Format(http.TimeFormat))
	w.Header().Set("X-Rate-Limit-Limit", strconv.Itoa(b.limit))
	w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(max(b.left, 0)))
	w.Header().Set("X-Rate-Limit-Reset", strconv.FormatInt(b.reset.Unix(), 10))
	if b.left < 0 {
		b.over++
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	io.WriteString(w, "[]")
}

// TestStreamsSideBySideKeepTheAllowance sends many requests from several
// goroutines: after the first answer the server refuses none, and the meter
// tells the time that this took, once.
func TestStreamsSideBySideKeepTheAllowance(t *testing.T) {
	b := &bucket{limit: 7, clock: newClock()}
	s := httptest.NewServer(b)
	t.Cleanup(s.Close)
	c, err := New(s.URL, nil, Options{Now: b.clock.Now, Sleep: b.clock.Sleep, Jitter: func() float64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	var m Meter
	ctx := WithMeter(t.Context(), &m)
	if _, err := c.Get(ctx, "/x", nil); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var failed atomic.Int64
	for range 5 {
		wg.Go(func() {
			for range 10 {
				if _, err := c.Get(ctx, "/x", nil); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	var slept time.Duration
	for _, d := range b.clock.slept {
		slept += d
	}
	if b.over != 0 || failed.Load() != 0 || m.Repeats() != 0 {
		t.Errorf("%d requests beyond the allowance, %d failed, %d repeated", b.over, failed.Load(), m.Repeats())
	}
	if m.Waited() != slept || slept < 6*time.Minute {
		t.Errorf("waited %s, slept %s", m.Waited(), slept)
	}
}

// TestTrailEndsCircles follows links that lead on, to themselves and back.
func TestTrailEndsCircles(t *testing.T) {
	for name, c := range map[string]struct {
		links []string // next link and number of items of each page; the page's URL is the link before
		items []int
		want  string
	}{
		"a list":           {[]string{"b", "c", ""}, []int{1, 1, 1}, "[true true false]"},
		"a polled tail":    {[]string{"b", "b"}, []int{1, 0}, "[true false]"},
		"a page twice":     {[]string{"b", "b", "c"}, []int{1, 1, 1}, "[true true true]"},
		"a page for ever":  {[]string{"b", "b", "b", "b", "b"}, []int{1, 1, 1, 1, 1}, "[true true true true circle]"},
		"there and back":   {[]string{"b", "c", "b"}, []int{1, 1, 1}, "[true true circle]"},
		"empty, then more": {[]string{"b", "c", ""}, []int{0, 0, 1}, "[true true false]"},
	} {
		var trail Trail
		var got []any
		at := "a"
		for i, link := range c.links {
			more, err := trail.Follow(&Page{URL: at}, c.items[i], link)
			if err != nil {
				got = append(got, "circle")
				break
			}
			got = append(got, more)
			at = link
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// TestSkewReadsTheServersClock reads it from a refusal too.
func TestSkewReadsTheServersClock(t *testing.T) {
	k := newClock()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", k.Now().Add(-2*time.Hour).Format(http.TimeFormat))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer s.Close()
	if got, err := Skew(t.Context(), s.URL, "/x", Options{Now: k.Now}); err != nil || got.Round(time.Minute) != -2*time.Hour {
		t.Errorf("%s, %v", got, err)
	}
	s.Close()
	if _, err := Skew(t.Context(), s.URL, "/x", Options{Now: k.Now}); err == nil {
		t.Error("a server that is gone has no clock")
	}
}
