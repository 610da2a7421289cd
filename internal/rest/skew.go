package rest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Skew asks for ref without a credential and returns how far the server's clock
// is ahead of ours, to about a second; any answer will do, a refusal too. It
// fails when nothing answers or no answer says what time it is.
func Skew(ctx context.Context, base, ref string, o Options) (time.Duration, error) {
	o = o.withDefaults()
	o.MaxAttempts, o.Before = 1, nil
	asked := o.Now()
	var ahead time.Duration
	told := false
	o.Observe = func(_ *http.Request, _ int, h http.Header) {
		if t, err := http.ParseTime(h.Get("Date")); err == nil {
			now := o.Now()
			// Date has whole seconds: on average it is half a second behind.
			ahead, told = t.Add(500*time.Millisecond).Sub(asked.Add(now.Sub(asked)/2)), true
		}
	}
	c, err := New(base, nil, o)
	if err != nil {
		return 0, err
	}
	if _, err := c.Get(ctx, ref, nil); !told {
		if err == nil {
			return 0, fmt.Errorf("read the server's clock: the answer has no date")
		}
		return 0, fmt.Errorf("read the server's clock: %w", err)
	}
	return ahead, nil
}
