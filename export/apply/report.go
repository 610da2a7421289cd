package apply

import (
	"time"

	"winnow/internal/access"
)

// A Report is what became of a plan, operation by operation, in the plan's order.
type Report struct {
	Plan       string     `json:"plan"`
	Act        Act        `json:"act"`
	Sent       bool       `json:"sent"` // false for a look only
	Operations []Outcome  `json:"operations"`
	Next       *time.Time `json:"next,omitempty"` // when the next wave may go out; nil when nothing waits for a time
	Receipts   string     `json:"receipts"`       // the file; empty while there are none
}

// An Outcome is what is known of one operation.
type Outcome struct {
	Operation int    `json:"operation"` // number in the plan, from 1
	Line      int    `json:"line"`      // in the plan's file
	ID        string `json:"id"`
	Wave      int    `json:"wave"`
	Note      string `json:"note"`
	State     State  `json:"state,omitempty"` // empty: still to be sent; of a rollback: to be restored
	Reason    string `json:"reason,omitempty"`
	Lost      string `json:"lost,omitempty"` // of a rollback: what the inverse does not bring back
}

// Count counts the operations in a state.
func (r *Report) Count(s State) int {
	n := 0
	for _, o := range r.Operations {
		if o.State == s {
			n++
		}
	}
	return n
}

// report gathers what the receipts say.
func (e *Engine) report(act Act, sent bool) *Report {
	list, path := e.Receipts()
	if len(list) == 0 {
		path = ""
	}
	r := &Report{Plan: e.file.ID, Act: act, Sent: sent, Receipts: path, Operations: []Outcome{}}
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		k := e.known[o.ID]
		out := Outcome{Operation: i + 1, Line: e.file.Lines[i], ID: o.ID, Wave: wave(o), Note: o.Note, State: k.Applied, Reason: k.Reason}
		if act == RollingBack {
			if out.State = k.Undone; k.Undone == "" && !k.Applied.ours() {
				continue // there is nothing to take back
			}
			out.Lost = o.Lost
		}
		if out.State == NotDone {
			out.State = ""
		}
		r.Operations = append(r.Operations, out)
	}
	return r
}

// done lists the operations of ours that stand: carried out and not taken back.
func (e *Engine) done(before int) []*access.Operation {
	var out []*access.Operation
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		if e.known[o.ID].Applied == Done && wave(o) < before {
			out = append(out, o)
		}
	}
	return out
}
