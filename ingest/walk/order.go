package walk

import (
	"context"
	"iter"
)

// InOrder calls f for every item, up to n at once, and yields the results in
// the order of the items. It returns only when every call has ended.
func InOrder[T, R any](ctx context.Context, n int, items []T, f func(context.Context, T) (R, error)) iter.Seq2[R, error] {
	type result struct {
		value R
		err   error
	}
	return func(yield func(R, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var waiting []chan result
		defer func() {
			cancel()
			for _, c := range waiting {
				<-c
			}
		}()
		for len(items) > 0 || len(waiting) > 0 {
			for len(waiting) < n && len(items) > 0 {
				c, item := make(chan result, 1), items[0]
				items = items[1:]
				waiting = append(waiting, c)
				go func() {
					v, err := f(ctx, item)
					c <- result{v, err}
				}()
			}
			r := <-waiting[0]
			waiting = waiting[1:]
			if !yield(r.value, r.err) {
				return
			}
		}
	}
}
