package entra

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A cursor is the resting point of a log: all that happened before Since had
// been asked for, late events apart.
type cursor struct {
	Since time.Time `json:"since"`
}

// parseCursor reads a cursor; the empty one is the start.
func parseCursor(text access.Cursor) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, access.WithHint(fmt.Errorf("read the cursor of a log: %w", err),
			"the source was read from a folder before: give the tenant a source name of its own")
	}
	return c, nil
}

// String returns the cursor's text.
func (c cursor) String() access.Cursor {
	return access.Cursor(`{"since":"` + c.Since.UTC().Format(time.RFC3339Nano) + `"}`)
}

// A span is a piece of a log, both ends included: the platform documents ge
// and le only. An event on the seam of two spans is served twice and known by
// its id.
type span struct{ from, until time.Time }

// spans cuts the time from from to until at the midnights of UTC, so that a
// pull that breaks off has whole days behind it.
func spans(from, until time.Time) iter.Seq[span] {
	return func(yield func(span) bool) {
		for from.Before(until) {
			end := from.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
			if end.After(until) {
				end = until
			}
			if !yield(span{from, end}) {
				return
			}
			from = end
		}
	}
}

// report yields the events of a log, oldest day first. The last event of each
// day is a resting point. Days that earlier pulls had finished are read again
// for what came late, each whole, and said to be.
func (s *Source) report(ctx context.Context, e endpoint, since access.Cursor, w ingest.Window, yield func(access.Record, error) bool) {
	from, err := s.start(since, w)
	if err != nil {
		yield(access.Record{}, err)
		return
	}
	if !s.again(ctx, e, from, w, yield) {
		return
	}
	// Silence before the first event proves nothing: the tenant may keep less
	// than was asked for.
	answered, skipped, answers := false, false, since != ""
	for day := range spans(from, w.Until) {
		held, err := s.day(ctx, e, day, yield)
		if err != nil && !answered && s.beforeRetention(err, day, w) {
			skipped = true
			continue
		}
		if err != nil {
			s.fail(e, held, err, yield)
			return
		}
		if skipped && !answered && !yield(access.Record{}, &ingest.Forgotten{Before: access.DayOf(day.from)}) {
			return
		}
		answered = true
		if held != nil {
			held.Rest = cursor{day.until}.String()
			if !yield(*held, nil) {
				return
			}
		}
		if answers = answers || held != nil; answers && day.whole() && !yield(access.Record{}, day.read("")) {
			return
		}
	}
}

// whole reports whether the span is a day.
func (d span) whole() bool {
	return d.from.Equal(d.from.UTC().Truncate(24*time.Hour)) && d.until.Equal(d.from.AddDate(0, 0, 1))
}

// read says that the day was read to its end: what the overlap served again is
// no late event, and a later failure takes nothing back.
func (d span) read(why string) *ingest.Reread {
	day := access.DayOf(d.from)
	return &ingest.Reread{First: day, Last: day, Reason: why}
}

// again reads the days before from that late events reopened.
func (s *Source) again(ctx context.Context, e endpoint, from time.Time, w ingest.Window, yield func(access.Record, error) bool) bool {
	for _, d := range w.Again {
		day := span{d.Time(), d.Add(1).Time()}
		if day.from.Before(w.Since) || !day.from.Before(from) {
			continue // forgotten, or read in any case
		}
		held, err := s.day(ctx, e, day, yield)
		if err != nil {
			s.fail(e, held, err, yield)
			return false
		}
		if held != nil && !yield(*held, nil) {
			return false
		}
		if !yield(access.Record{}, day.read("read again after late events")) {
			return false
		}
	}
	return true
}

// errStopped says that the caller wants no more.
var errStopped = errors.New("the caller stopped")

// day yields the events of a day but for the last, which it returns.
func (s *Source) day(ctx context.Context, e endpoint, day span, yield func(access.Record, error) bool) (held *access.Record, err error) {
	for r, err := range s.list(ctx, e.path, e.within(day)) {
		if err != nil {
			return held, err
		}
		if held != nil && !yield(*held, nil) {
			return nil, errStopped
		}
		held = &r
	}
	return held, nil
}

// fail yields the event that is still held, without a resting point, and then
// the error, unless the caller has stopped.
func (s *Source) fail(e endpoint, held *access.Record, err error, yield func(access.Record, error) bool) {
	if !errors.Is(err, errStopped) && (held == nil || yield(*held, nil)) {
		yield(access.Record{}, refused(e, err))
	}
}

// start returns where to begin: at the cursor less the overlap, from the first
// instant of that day, and never before what the platform keeps.
func (s *Source) start(since access.Cursor, w ingest.Window) (time.Time, error) {
	c, err := parseCursor(since)
	if err != nil {
		return time.Time{}, err
	}
	from := w.Since
	if from.IsZero() {
		from = w.Until.Add(-s.opt.Retention)
	}
	if late := c.Since.Add(-s.opt.Overlap).UTC().Truncate(24 * time.Hour); !c.Since.IsZero() && late.After(from) {
		from = late
	}
	return from.Truncate(time.Second), nil
}

// beforeRetention reports whether a refusal may mean that the day is older than
// what the tenant keeps, which is 7 days at least. A tenant that keeps less
// than expected refuses the oldest days; a request that is wrong altogether is
// refused for the newest days too, and that error is told.
func (s *Source) beforeRetention(err error, day span, w ingest.Window) bool {
	const kept = 7 * 24 * time.Hour
	return rest.StatusOf(err) == http.StatusBadRequest && day.until.Before(w.Until.Add(-kept+24*time.Hour))
}

// within is the query for a piece of a log, in whole seconds, rounded outwards.
func (e endpoint) within(day span) query {
	filter := fmt.Sprintf("%s ge %s and %s le %s", e.event, day.from.UTC().Format(time.RFC3339),
		e.event, day.until.Add(time.Second-1).UTC().Format(time.RFC3339))
	if e.only != "" {
		filter += " and signInEventTypes/any(t: t eq '" + e.only + "')"
	}
	return query{{optFilter, filter}, {optTop, reportPage}}
}
