package ingest

import (
	"slices"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// lateEvents is the reason of a day that was complete until an event landed for
// it afterwards: where one came late, others may be on their way.
const lateEvents = "late events"

// A ledger is what the earlier pulls of a stream of events have said of its
// days, the newest word for each.
type ledger struct {
	rest access.Cursor                   // newest resting point
	open access.Day                      // first day that is not yet known to be complete; empty when nothing is known
	days map[access.Day]lake.DayCoverage // the newest word
	torn map[access.Day]bool             // days with events of a pull that was killed before it could speak
}

// readLedger goes through the manifests from the oldest to the newest.
func readLedger(earlier []lake.Manifest) ledger {
	l := ledger{days: map[access.Day]lake.DayCoverage{}, torn: map[access.Day]bool{}}
	var unfinished access.Day // first day of what landed since the last pull that read its window to the end
	for _, m := range earlier {
		if len(m.Retried) > 0 {
			continue // served long ago, and landed since: it says nothing of what was read
		}
		unfinished = l.read(m, unfinished)
	}
	if l.open == "" {
		l.open = unfinished // the cursor carries on where that pull broke off
	}
	for d, c := range l.days {
		// A pull that broke off may have read later days by their time. The
		// cursor still carries on from before them.
		if c.Status == lake.Partial && c.Reason != lateEvents && d < l.open {
			l.open = d
		}
	}
	return l
}

// read takes in one manifest, and returns the first day of what landed since
// the last pull that read its window to the end.
func (l *ledger) read(m lake.Manifest, unfinished access.Day) access.Day {
	if m.Rest != "" {
		l.rest = m.Rest
	}
	for _, s := range m.Segments {
		l.torn[s.Day] = true
		if unfinished == "" || s.Day < unfinished {
			unfinished = s.Day
		}
	}
	for _, c := range m.Coverage {
		l.days[c.Day] = c
		if c.Status == lake.Complete && c.Day.Add(1) > l.open {
			l.open = c.Day.Add(1)
		}
	}
	if m.Complete || len(m.Coverage) > 0 {
		clear(l.torn)
	}
	if m.Complete {
		return ""
	}
	return unfinished
}

// complete reports whether the day was read to its end.
func (l ledger) complete(d access.Day) bool { return l.days[d].Status == lake.Complete }

// late lists the days that late events have reopened, or may have: those of a
// pull that was killed before it could say so.
func (l ledger) late() []access.Day {
	var out []access.Day
	for d, c := range l.days {
		if c.Reason == lateEvents && c.Status != lake.Complete || l.torn[d] && c.Status == lake.Complete && d < l.open {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return out
}
