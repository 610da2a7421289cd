package scale

import (
	"slices"
	"time"

	"winnow/internal/lake"
)

// A kind is what an event of the log tells.
type kind uint8

const (
	signOn kind = iota
	policy
	session
	factor
	groupAdd
	groupRemove
	appAdd
)

// An entry is one event before it is written out. What is a group or an app, by
// its kind.
type entry struct {
	ms     int32 // since midnight, UTC
	kind   kind
	person int32
	what   int32
}

// repeatEvery is how often an event is served twice, as where two pulls overlap.
const repeatEvery = 1000

// weight is the share of a working day's traffic that a day has.
func weight(n int) float64 {
	if weekday := firstDay.AddDate(0, 0, n).Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		return 0.3
	}
	return 1
}

// workdays is the number of working days before a day of the log.
func workdays(n int) int {
	lead := (int(firstDay.Weekday()) + 6) % 7 // days since Monday
	count := func(d int) int { return d/7*5 + min(d%7, 5) }
	return count(lead+n) - count(lead)
}

// quota is the number of events of a day. Over the log they sum up to Events;
// days after it go on at the same pace.
func (s Size) quota(n int) int {
	total, before := 0.0, 0.0
	for d := range max(s.Days, n+1) {
		if d < s.Days {
			total += weight(d)
		}
		if d < n {
			before += weight(d)
		}
	}
	at := func(w float64) int { return int(float64(s.Events) * w / total) }
	return at(before+weight(n)) - at(before)
}

// entries draws the events of a day in the order of their time: the changes, the
// use by habit, and sign-ins up to the quota.
func (c *company) entries(n int) []entry {
	quota := c.quota(n)
	out := c.changes(n)
	for p, uses := range c.uses {
		for _, u := range uses {
			if u.due(p, n) {
				at := office(mix(ofUse, p, int(u.app), n, 1))
				out = append(out, entry{ms: at, kind: signOn, person: int32(p), what: u.app}) //nolint:gosec // small
			}
		}
	}
	for i := 0; len(out) < quota; i++ {
		if e, ok := c.signIn(n, i); ok {
			out = append(out, e)
		}
	}
	out = out[:quota]
	slices.SortFunc(out, func(a, b entry) int {
		if a.ms != b.ms {
			return int(a.ms - b.ms)
		}
		if a.person != b.person {
			return int(a.person - b.person)
		}
		return int(a.kind)<<24 + int(a.what) - int(b.kind)<<24 - int(b.what)
	})
	return out
}

// office draws a time of day, most of them within office hours.
func office(h uint64) int32 {
	const hour = 3600 * 1000
	if below(h<<5, 10) == 0 {
		return int32(below(h<<9, 24*hour)) //nolint:gosec // a day has 86.4 million
	}
	return int32(6*hour + below(h<<9, 12*hour)) //nolint:gosec // a day has 86.4 million
}

// signIn draws one of the events by which a person is seen to be alive, or that
// a policy let somebody in.
func (c *company) signIn(n, i int) (entry, bool) {
	h := mix(ofFill, n, i)
	p := below(h, c.People)
	if f := c.people[p].fate; (f == left || f == away) && n > c.Days-40 {
		return entry{}, false
	}
	e := entry{ms: office(h), person: int32(p)} //nolint:gosec // small
	switch f := chance(mix(ofFill, n, i, 1)); {
	case f < 0.2:
		u := c.uses[p][below(h<<11, len(c.uses[p]))]
		e.kind, e.what = policy, u.app
		return e, u.every > 0 && n < int(u.until)
	case f < 0.65:
		e.kind = session
	default:
		e.kind = factor
	}
	return e, true
}

// changes lists what was given and taken on a day.
func (c *company) changes(n int) (out []entry) {
	for p := range c.people {
		at := mix(ofChange, p, n)
		for _, g := range c.groups[p] {
			if d, ok := c.since(p, 1, int(g)); ok && d == n && g > 0 {
				out = append(out, entry{ms: office(at), kind: groupAdd, person: int32(p), what: g}) //nolint:gosec // small
			}
		}
		for _, a := range c.direct[p] {
			if d, ok := c.since(p, 2, int(a)); ok && d == n {
				out = append(out, entry{ms: office(at), kind: appAdd, person: int32(p), what: a}) //nolint:gosec // small
			}
		}
		if g := int32(1 + below(at, c.Groups-1)); chance(at<<9) < 0.001 && !slices.Contains(c.groups[p], g) { //nolint:gosec // small
			out = append(out, entry{ms: office(at), kind: groupRemove, person: int32(p), what: g}) //nolint:gosec // small
		}
	}
	return out
}

// landDay seals a day of the log as a pull of its own.
func (c *company) landDay(lk *lake.Lake, n int) error {
	b, err := lk.Begin(lake.Manifest{Source: oktaName, Stream: "system_log", Pull: pullOf(n), Events: true})
	if err != nil {
		return err
	}
	var line []byte
	for i, e := range c.entries(n) {
		line = c.event(line[:0], n, i, e)
		for range 1 + (i%repeatEvery+1)/repeatEvery {
			if err := b.Append(day(n), line, ""); err != nil {
				return err
			}
		}
	}
	_, err = b.Seal(func(m *lake.Manifest) {
		m.Complete, m.Coverage = true, []lake.DayCoverage{{Day: day(n), Status: lake.Complete}}
	})
	return err
}
