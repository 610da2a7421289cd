package ingest

import (
	"maps"
	"slices"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// coverage says which days the pull has read to their end, and which it has
// found to be less complete than an earlier pull said.
func (p *puller) coverage(streamErr error) []lake.DayCoverage {
	if p.declared != nil {
		if spans := p.declared[p.stream.Name]; len(spans) > 0 {
			return p.declaredDays(spans, streamErr)
		}
	}
	first, last := p.frontier()
	known := map[access.Day]lake.DayCoverage{}
	if first != "" {
		for d := first; d <= last; d = d.Add(1) {
			if streamErr != nil && p.past.complete(d) {
				continue // what was read to its end before stays so
			}
			known[d] = p.dayCoverage(d, streamErr)
		}
	}
	p.revise(known, last)
	return inOrder(known)
}

// frontier is the span of days that reading on from the cursor has gone through.
func (p *puller) frontier() (first, last access.Day) {
	first, last = p.first, access.DayOf(p.opt.AsOf.Add(-time.Nanosecond))
	if p.saved() {
		last = p.last // a folder of saved answers proves nothing beyond its last event
		if p.since != "" && (first == "" || p.since < first) {
			first = p.since
		}
	} else if p.since != "" {
		// The cursor carried over, so that silence since then is known to be
		// silence. Days before it were spoken of already: see revise.
		first = p.since
	}
	if w := p.window(); !w.Since.IsZero() && first != "" && first.Time().Before(w.Since) {
		first = access.DayOf(w.Since.Add(24*time.Hour - time.Nanosecond)) // older days have left the platform's memory
	}
	if first != "" {
		first = max(first, p.served)
	}
	return first, last
}

// revise adds the days that were read again, and those that an earlier pull
// called complete and that events have landed for since. Nothing is late in a
// folder, whose files are read whole, nor in a log that is read from its start.
func (p *puller) revise(known map[access.Day]lake.DayCoverage, last access.Day) {
	if p.saved() {
		return
	}
	for d, again := range p.reread {
		if d > last {
			continue
		}
		c := p.dayCoverage(d, nil)
		if c.Status == lake.Complete {
			c.Reason = again.Reason
		}
		known[d] = c
	}
	if p.past.rest == "" {
		return
	}
	late := p.past.late()
	for d := range p.landed {
		if p.past.complete(d) {
			late = append(late, d)
		}
	}
	for _, d := range late {
		if p.reread[d] == nil {
			known[d] = lake.DayCoverage{Day: d, Status: lake.Partial, Reason: lateEvents}
		}
	}
}

// inOrder lists the days from the oldest to the newest.
func inOrder(known map[access.Day]lake.DayCoverage) []lake.DayCoverage {
	var out []lake.DayCoverage
	for _, d := range slices.Sorted(maps.Keys(known)) {
		out = append(out, known[d])
	}
	return out
}

// saved reports whether the stream comes out of files, which are read whole.
func (p *puller) saved() bool {
	_, declares := p.src.(CoverageDeclarer)
	return declares && !p.stream.Live
}

// unended reports whether the day goes on beyond the as-of time.
func (p *puller) unended(d access.Day) bool { return d.Time().AddDate(0, 0, 1).After(p.opt.AsOf) }

// declaredDays spells out the days that the source vouches for. What it vouches
// for is a whole file: one that was cut short covers nothing for certain.
func (p *puller) declaredDays(spans []Span, streamErr error) []lake.DayCoverage {
	known := map[access.Day]lake.DayCoverage{}
	for _, s := range spans {
		for d := s.First; d <= s.Last; d = d.Add(1) {
			if streamErr == nil || !p.past.complete(d) {
				known[d] = p.dayCoverage(d, streamErr)
			}
		}
	}
	return inOrder(known)
}

// dayCoverage judges one day by how the pull ended.
func (p *puller) dayCoverage(d access.Day, streamErr error) lake.DayCoverage {
	switch {
	case streamErr != nil:
		return lake.DayCoverage{Day: d, Status: lake.Partial, Reason: "the pull ended early: " + streamErr.Error()}
	case p.report.Landed == 0 && p.report.Quarantined > 0:
		return lake.DayCoverage{Day: d, Status: lake.Partial, Reason: "nothing of what was served could be read"}
	case p.unended(d):
		return lake.DayCoverage{Day: d, Status: lake.Partial, Reason: "the day had not ended"}
	}
	return lake.DayCoverage{Day: d, Status: lake.Complete}
}
