package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// A cursor is where the log is read on: the event time from which everything
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
		return cursor{}, access.WithHint(fmt.Errorf("read the cursor of the okta system log: %q is none of ours", access.Printable(string(c))),
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

// stamp is the platform's form of an instant, to the millisecond.
const stamp = "2006-01-02T15:04:05.000Z"

// systemLog yields the events published in the window, oldest first, by one
// bounded query whose links are followed to the end. The last event of a page
// carries the resting point: its own time, or the end of the window less the
// overlap, if that is earlier.
func (s *Source) systemLog(ctx context.Context, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		c, err := parseCursor(since)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		from, until := s.span(c, w)
		q := url.Values{"since": {from.Format(stamp)}, "until": {until.Format(stamp)}, "limit": {"1000"}, "sortOrder": {"ASCENDING"}}
		for p, err := range s.pages(ctx, "/api/v1/logs?"+q.Encode()) {
			if err != nil {
				yield(access.Record{}, hint(err, logsScope))
				return
			}
			if !s.events(p, until.Add(-s.overlap), yield) {
				return
			}
		}
	}
}

// span is the time to ask for: from the cursor, unless the window, which knows
// how far back the log is served, begins later.
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

// events yields the events of one page.
func (s *Source) events(p *rest.Page, latest time.Time, yield func(access.Record, error) bool) bool {
	var held *access.Record
	n := 0
	for item, err := range rest.Items(p.Body, "") {
		if held != nil && !yield(*held, nil) {
			return false
		}
		if err != nil {
			yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
			return false
		}
		n++
		held = &access.Record{Body: item, Origin: access.Origin{Place: p.URL, Line: n}}
	}
	if held == nil {
		return true
	}
	if at, err := lake.ParseTime(lake.TextAt(held.Body, "published")); err == nil {
		if at.After(latest) {
			at = latest
		}
		held.Rest = cursor{Version: 1, Since: at}.String()
	}
	return yield(*held, nil)
}
