package okta

import (
	"context"
	"fmt"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// poll follows a polling query to its tail: an empty page whose next link is
// the page's own. A log that grows faster than it is read is left where the
// events of a whole page are younger than the pull. The last event of a page
// carries the link after it as the resting point.
func (l *logPull) poll(ctx context.Context, ref string) error {
	newest, empty, open := l.from, 0, l.w.Open.Time() // of a day that is not known, the zero time
	var trail rest.Trail
	var read []byte // the page before, all of whose events were taken
	for ref != "" && empty < 2 {
		p, err := l.client.GetInto(ctx, ref, nil, read)
		if err != nil {
			l.from = latest(l.from, newest.Add(-l.overlap)) // should the link be refused from here on
			return err
		}
		read = p.Body
		link := next(p)
		young := true
		n, err := l.events(p, func(at time.Time) string {
			newest = latest(newest, at)
			return cursor{Next: relative(link), Since: l.vouched(newest)}.text(link)
		}, func(at time.Time) {
			young = young && at.After(l.young)
			if at.Before(open) {
				l.late[access.DayOf(at)] = true
			}
			newest = latest(newest, at)
		})
		if err != nil {
			return err
		}
		if empty++; n > 0 {
			empty = 0
		}
		if n > 0 && young || n == 0 && link == rest.Link(p.Header, "self") {
			return nil
		}
		// A page with events that names itself is no tail: the platform has
		// served the page before once more.
		if more, err := trail.Follow(p, n, link); err != nil || !more {
			return err
		}
		ref = link
	}
	return nil
}

// vouched is the time from which the log would have to be read again after
// events up to newest were polled: some from shortly before may come later.
func (l *logPull) vouched(newest time.Time) time.Time {
	if newest.After(l.until) {
		newest = l.until
	}
	return latest(l.from, newest.Add(-l.overlap))
}

// text is the resting point after a page; a page without a link has none.
func (c cursor) text(link string) string {
	if link == "" {
		c.Next = ""
	}
	return string(c.String())
}

// byTime reads the events from an instant to another by bounded queries. One
// that takes the platform too long is asked for half the time. With rests the
// last event of a page carries a resting point.
func (l *logPull) byTime(ctx context.Context, from, until time.Time, rests bool) error {
	for step := until.Sub(from); from.Before(until); {
		to := from.Add(step)
		if to.After(until) {
			to = until
		}
		reached, err := l.bounded(ctx, from, to, rests)
		switch {
		case codeOf(err) == codeTimeout && to.Sub(from) <= time.Minute:
			return slow(err)
		case codeOf(err) == codeTimeout:
			from, step = latest(from, reached), max(to.Sub(from)/2, time.Minute)
		case err != nil:
			return err
		default:
			from = to
		}
	}
	return nil
}

// bounded reads one bounded query to its end, and says up to when it came.
func (l *logPull) bounded(ctx context.Context, from, until time.Time, rests bool) (reached time.Time, err error) {
	for p, err := range l.pages(ctx, between(from, until)) {
		if err != nil {
			return reached, err
		}
		_, err := l.events(p, func(at time.Time) string {
			if !rests {
				return ""
			}
			// The last page of the span vouches for all of it but the overlap.
			if next(p) == "" {
				at = latest(at, until)
			}
			return string(cursor{Since: earliest(at, l.until.Add(-l.overlap))}.String())
		}, func(at time.Time) { reached = latest(reached, at) })
		if err != nil {
			return reached, err
		}
	}
	return reached, nil
}

// events yields the events of one page and counts them: each passes by seen
// with its time, where it has one, and the last gets the resting point that
// rests makes of its time.
func (l *logPull) events(p *rest.Page, rests func(time.Time) string, seen func(time.Time)) (n int, err error) {
	var held access.Record
	var size int
	var at time.Time
	walk := func(b []byte) int {
		size, at = logChecker.Walk(b)
		return size
	}
	for item, err := range rest.Walked(p.Body, "", walk) {
		if n > 0 && !l.yield(held, nil) {
			return n, errStopped
		}
		if err != nil {
			return n, fmt.Errorf("read %s: %w", p.URL, err)
		}
		n++
		held = access.Record{Body: item, Origin: access.Origin{Place: p.URL, Line: n}, At: at, Checked: size > 0}
		if !held.Checked {
			held.At = published(item)
		}
		if !held.At.IsZero() {
			seen(held.At)
		}
	}
	if n == 0 {
		return 0, nil
	}
	held.Rest = access.Cursor(rests(held.At))
	if !l.yield(held, nil) {
		return n, errStopped
	}
	return n, nil
}

// published is an event's own time, zero where it has none.
func published(event []byte) time.Time {
	at, err := lake.ParseTime(lake.TextAt(event, logTime))
	if err != nil {
		return time.Time{}
	}
	return at
}

// earliest is the earlier of two instants.
func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
