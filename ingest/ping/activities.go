package ping

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
)

// slice is the span of one query. The platform serves the newest activities
// first, so that a query has no resting point but its end.
const slice = 24 * time.Hour

// stamp is the platform's form of an instant, to the millisecond.
const stamp = "2006-01-02T15:04:05.000Z"

// A cursor is where the activities are read on: the time from which everything
// is asked for again.
type cursor struct {
	Version int       `json:"v"`
	Since   time.Time `json:"since"`
}

// parseCursor reads a resting point; the empty one is the start.
func parseCursor(c access.Cursor) (cursor, error) {
	if c == "" {
		return cursor{}, nil
	}
	var out cursor
	if err := json.Unmarshal([]byte(c), &out); err != nil || out.Version != 1 || out.Since.IsZero() {
		return cursor{}, access.WithHint(fmt.Errorf("read the cursor of the pingone activities: %q is none of ours", access.Printable(string(c))),
			"it was written by a newer winnow, or the source was read from a folder before: give it a name of its own")
	}
	return out, nil
}

// String returns the resting point.
func (c cursor) String() access.Cursor {
	b, err := json.Marshal(c)
	if err != nil { // only years beyond 9999 do not marshal
		return ""
	}
	return access.Cursor(b)
}

// activities yields the events recorded in the window, slice by slice, oldest
// slice first. The last event of a slice carries the resting point: the slice's
// end, or the end of the window less the overlap, if that is earlier.
func (s *Source) activities(ctx context.Context, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		c, err := parseCursor(since)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		from, until := s.span(c, w)
		for a := from; a.Before(until); a = a.Add(slice) {
			b := a.Add(slice)
			if b.After(until) {
				b = until
			}
			if !s.slice(ctx, a, b, until.Add(-s.overlap), yield) {
				return
			}
		}
	}
}

// span is the time to ask for: from the cursor, unless the window, which knows
// how far back activities are served, begins later.
func (s *Source) span(c cursor, w ingest.Window) (from, until time.Time) {
	if until = w.Until.UTC(); w.Until.IsZero() {
		until = s.now().UTC()
	}
	if from = w.Since.UTC(); w.Since.IsZero() {
		from = until.Add(-retention)
	}
	if c.Since.After(from) {
		from = c.Since.UTC()
	}
	return from, until
}

// slice yields the events of one slice and reports whether to go on.
func (s *Source) slice(ctx context.Context, from, until, latest time.Time, yield func(access.Record, error) bool) bool {
	var held *access.Record
	for r, err := range s.list(Activities).Records(ctx, s.query(from, until), nil) {
		if held != nil && !yield(*held, nil) {
			return false
		}
		if err != nil {
			yield(access.Record{}, err)
			return false
		}
		held = &r
	}
	if held == nil {
		return true
	}
	if until.After(latest) {
		until = latest
	}
	held.Rest = cursor{Version: 1, Since: until}.String()
	return yield(*held, nil)
}

// query asks for what was recorded in [from, until). The platform knows
// "greater than" to the millisecond.
func (s *Source) query(from, until time.Time) string {
	filter := fmt.Sprintf(`recordedAt gt "%s" AND recordedAt lt "%s"`, from.Add(-time.Millisecond).Format(stamp), until.Format(stamp))
	q := url.Values{"filter": {filter}, "limit": {"500"}}
	return s.env + "/activities?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
