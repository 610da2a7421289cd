package okta

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// stamp is the platform's form of an instant, to the millisecond.
const stamp = "2006-01-02T15:04:05.000Z"

// Codes of the log's refusals.
const (
	codeTimeout = "E0000009" // a query took longer than the platform allows
	codeCursor  = "E0000029" // a cursor is stale
	codeTooOld  = "E0000053" // since lies more than 180 days back
)

// errStopped says that the caller wants no more.
var errStopped = errors.New("the caller stopped")

// systemLog yields the log by the platform's polling query: it has no end, is
// ordered by when events were stored, and so loses none that comes late. Where
// the cursor is stale or the query too slow, the log is read by time from the
// last day that the cursor vouches for, and then polled again.
//
// Events that the polling brings for a day which was finished tell that the day
// was not; such days are read again by their time.
func (s *Source) systemLog(ctx context.Context, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		c, err := parseCursor(since)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		l := &logPull{Source: s, w: w, c: c, yield: yield, late: map[access.Day]bool{}}
		l.from, l.until = s.span(c, w)
		l.young = latest(l.until, s.now())
		if err := l.run(ctx); err != nil && !errors.Is(err, errStopped) {
			yield(access.Record{}, hint(err, logsScope))
		}
	}
}

// A logPull is one pull of the log.
type logPull struct {
	*Source
	w           ingest.Window
	c           cursor
	from, until time.Time // what the cursor leaves open
	young       time.Time // what is published after it may wait for the next pull
	late        map[access.Day]bool
	yield       func(access.Record, error) bool
}

// run polls, falls back to reading by time where it must, and reads again the
// days that late events reopened.
func (l *logPull) run(ctx context.Context) error {
	ref := since(l.from)
	if l.c.Next != "" {
		ref = l.absolute(l.c.Next)
	}
	err := l.poll(ctx, ref)
	if codeOf(err) == codeTooOld {
		err = l.forget(ctx)
	}
	if code := codeOf(err); code == codeCursor || code == codeTimeout {
		err = l.recover(ctx, code)
	}
	if err != nil {
		return err
	}
	return l.again(ctx)
}

// forget begins where the platform's memory does.
func (l *logPull) forget(ctx context.Context) error {
	l.from = l.now().UTC().Add(-retention)
	if !l.yield(access.Record{}, &ingest.Forgotten{Before: wholeFrom(l.from)}) {
		return errStopped
	}
	return l.poll(ctx, since(l.from))
}

// recover reads by time what the cursor leaves open, from the start of its
// first day, and takes up polling again, with an overlap for what came late.
func (l *logPull) recover(ctx context.Context, code string) error {
	from := latest(l.w.Since.UTC(), l.from.Truncate(24*time.Hour))
	if err := l.byTime(ctx, from, l.until, true); err != nil {
		return err
	}
	why := "the cursor was refused (" + code + "): read again by time"
	if code == codeTimeout {
		why = "the polling query took too long (" + code + "): read by time"
	}
	mark := &ingest.Reread{First: wholeFrom(from), Last: access.DayOf(l.until.Add(-time.Nanosecond)), Reason: why}
	if !l.yield(access.Record{}, mark) {
		return errStopped
	}
	return l.poll(ctx, since(latest(from, l.until.Add(-l.overlap))))
}

// again reads the days that late events reopened, each by its time.
func (l *logPull) again(ctx context.Context) error {
	for _, d := range l.w.Again {
		l.late[d] = true
	}
	var days []access.Day
	for d := range l.late {
		if !d.Time().Before(l.w.Since) {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	for _, d := range days {
		if err := l.byTime(ctx, d.Time(), d.Add(1).Time(), false); err != nil {
			return err
		}
		if !l.yield(access.Record{}, &ingest.Reread{First: d, Last: d, Reason: "read again after late events"}) {
			return errStopped
		}
	}
	return nil
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
	return latest(from, c.Since.UTC()), until
}

// since is the first request of a polling query: without an end, in the order
// in which events were stored.
func since(from time.Time) string {
	q := url.Values{"since": {from.Format(stamp)}, "limit": {"1000"}, "sortOrder": {"ASCENDING"}}
	return "/api/v1/logs?" + q.Encode()
}

// between is the first request of a bounded query: in the order of time, with
// an end.
func between(from, until time.Time) string {
	q := url.Values{"since": {from.Format(stamp)}, "until": {until.Format(stamp)}, "limit": {"1000"}, "sortOrder": {"ASCENDING"}}
	return "/api/v1/logs?" + q.Encode()
}

// wholeFrom is the first day that begins at the instant or after it.
func wholeFrom(t time.Time) access.Day { return access.DayOf(t.Add(24*time.Hour - time.Nanosecond)) }

// latest is the later of two instants.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// codeOf is the platform's code of the refusal in err's chain, or "".
func codeOf(err error) string {
	var api *rest.APIError
	if errors.As(err, &api) {
		return api.Code
	}
	return ""
}

// slow explains a query that is too slow even for a minute of the log.
func slow(err error) error {
	return access.WithHint(fmt.Errorf("read a minute of the log: %w", err), "the platform is slow or busy; start again later, what landed is kept")
}
