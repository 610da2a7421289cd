package auth0

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

// A cursor is where the log is read on: the id and the time of the last event
// before.
type cursor struct {
	Version int       `json:"v"`
	From    string    `json:"from"`
	At      time.Time `json:"at"`
}

// parseCursor reads a resting point; the empty one is the start.
func parseCursor(c access.Cursor) (cursor, error) {
	if c == "" {
		return cursor{}, nil
	}
	var out cursor
	if err := json.Unmarshal([]byte(c), &out); err != nil || out.Version != 1 || out.From == "" {
		return cursor{}, access.WithHint(fmt.Errorf("read the cursor of the auth0 log: %q is none of ours", access.Printable(string(c))),
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

// logs yields the events before the window's end, in the order of their ids,
// from the one after the cursor or the oldest that is kept. Ids, unlike times,
// are given in order. The list is over when an answer is empty: its link leads
// to itself. Days that the log has forgotten since are told first.
func (s *Source) logs(ctx context.Context, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		c, err := parseCursor(since)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		gone, err := s.forgotten(ctx, c)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		if gone != nil && !yield(access.Record{}, gone) {
			return
		}
		until := w.Until
		if until.IsZero() {
			until = s.now()
		}
		s.events(ctx, c, until, yield)
	}
}

// events yields the events after the cursor and before until.
func (s *Source) events(ctx context.Context, c cursor, until time.Time, yield func(access.Record, error) bool) {
	l := s.list(Logs)
	l.Next = func(p *rest.Page) (string, error) {
		if none(p) {
			return "", nil
		}
		return rest.NextLink(p.Header), nil
	}
	seen := logWalk{until: until, latest: until.Add(-s.overlap)}
	for r, err := range l.Records(ctx, "/api/v2/logs?"+url.Values{"from": {c.From}, "take": {"100"}}.Encode(), nil) {
		switch {
		case err != nil:
			yield(access.Record{}, err)
			return
		case seen.skip(&r):
			if seen.over() {
				return
			}
		case !yield(r, nil):
			return
		}
	}
}

// forgotten says which days the log no longer holds, when it no longer holds
// all that came after the cursor: how long it is kept depends on the tenant's
// plan, but the oldest event tells. Its own day may have lost its beginning.
func (s *Source) forgotten(ctx context.Context, c cursor) (*ingest.Forgotten, error) {
	for r, err := range s.list(Logs).Records(ctx, "/api/v2/logs?from=&take=1", nil) {
		if err != nil {
			return nil, err
		}
		at, err := lake.ParseTime(lake.TextAt(r.Body, "date"))
		if err != nil || !at.After(c.At) {
			break // the next event shows no more, or the log reaches back to the cursor
		}
		return &ingest.Forgotten{Before: access.DayOf(at).Add(1)}, nil
	}
	return nil, nil
}

// A logWalk keeps to the window and finds the resting points.
type logWalk struct {
	until  time.Time // events from here on belong to the next pull
	latest time.Time // no resting point lies after this
	young  bool      // an event after latest was seen: nothing rests any more
	past   int       // events in a row that belong to the next pull
}

// skip reports whether the event belongs to the next pull, and marks one at
// which a pull can rest. An event whose time cannot be read is yielded, for the
// pull loop to refuse.
func (l *logWalk) skip(r *access.Record) bool {
	at, err := lake.ParseTime(lake.TextAt(r.Body, "date"))
	if err == nil && !at.Before(l.until) {
		l.past++
		l.young = true
		return true
	}
	l.past = 0
	if l.young = l.young || err == nil && at.After(l.latest); !l.young && err == nil {
		if id := lake.TextAt(r.Body, "log_id"); id != "" {
			r.Rest = cursor{Version: 1, From: id, At: at}.String()
		}
	}
	return false
}

// over reports that the window has passed: ids follow time but for delays, so
// that a thousand events in a row after its end leave nothing behind them.
func (l *logWalk) over() bool { return l.past >= 1000 }
