package ingest

import (
	"context"
	"time"

	"winnow/internal/access"
)

// A StreamReport says what happened to one stream.
type StreamReport struct {
	Source      access.SourceName
	Stream      access.StreamName
	Served      int64
	Landed      int64
	Quarantined int64
	FirstFault  *access.Fault
	Faults      []FaultKind   // what was refused by field and reason, in the order of the first of each; at most faultKinds
	Remarks     []string      // what is no fault and still worth a word
	Absent      *Absent       // the platform or folder does not offer the stream
	Held        string        // the inventory shrank and is not believed
	Err         error         // the stream ended early; what landed before stays
	Waited      time.Duration // time in which requests waited: pauses that the platform asked for, budgets, backoff
	Repeats     int64         // requests that had to be sent again
	Done        bool
}

// A FaultKind counts the items that were refused for one reason.
type FaultKind struct {
	First *access.Fault
	Count int64
}

// faultKinds bounds how many kinds of faults a report lists; the quarantine has
// them all.
const faultKinds = 8

// refused counts a fault among its kind. The report outlives the item's bytes.
func (r *StreamReport) refused(f *access.Fault) {
	r.Served++
	r.Quarantined++
	told := *f
	told.Body = nil
	if r.FirstFault == nil {
		r.FirstFault = &told
	}
	for i := range r.Faults {
		if k := &r.Faults[i]; k.First.Field == f.Field && k.First.Reason == f.Reason {
			k.Count++
			return
		}
	}
	if len(r.Faults) < faultKinds {
		r.Faults = append(r.Faults, FaultKind{&told, 1})
	}
}

// remark adds what is no fault: an empty list, and what the source has to say.
func (p *puller) remark(ctx context.Context) {
	if p.report.Absent != nil || p.report.Err != nil {
		return
	}
	if p.stream.Kind == Inventory && p.report.Served == 0 {
		p.report.Remarks = append(p.report.Remarks, "the list is empty")
	}
	if r, ok := p.src.(Remarker); ok {
		p.report.Remarks = append(p.report.Remarks, r.Remarks(ctx, p.stream.Name)...)
	}
}
