package apply

import (
	"context"
	"fmt"
	"slices"

	"winnow/internal/access"
)

// Apply looks whether every line of the plan still holds and, with send, sends
// what is due of it. Without send nothing changes, neither on the platform nor on
// the disk.
//
// It returns what is known of each operation, also beside an error. Errors: a
// RefusedError names the lines that stand in the way; others say what went wrong
// on the way, and what was sent before stands in the receipts. The same call goes
// on where the last one ended.
func (e *Engine) Apply(ctx context.Context, approvals []Approval, send bool) (*Report, error) {
	err := e.apply(ctx, approvals, send)
	r := e.report(Applying, send)
	if next, wait := e.nextWave(); wait {
		r.Next = &next
	}
	return r, err
}

func (e *Engine) apply(ctx context.Context, approvals []Approval, send bool) error {
	if err := e.stopped(); err != nil {
		return err
	}
	here := len(e.file.checkTenants(e.tenants())) == 0
	if send && here { // what was sent is looked up whatever became of the plan since
		if err := e.clear(ctx); err != nil {
			return err
		}
	}
	if e.finished() {
		return nil
	}
	lines, err := e.check(approvals)
	if err != nil || len(lines) > 0 && (send || !here) {
		return refusedOr(lines, err)
	}
	if send {
		if err := e.begin(Applying, e.approvers(approvals)); err != nil {
			return err
		}
	}
	stale, err := e.inspect(ctx)
	if lines = append(lines, stale...); err != nil || len(lines) > 0 {
		return refusedOr(lines, err)
	}
	if !send {
		return nil
	}
	return e.waves(ctx)
}

// finished reports whether the plan went its way to the end: nothing is left to
// be sent, and nothing was taken back.
func (e *Engine) finished() bool {
	for _, k := range e.known {
		if k.Applied.pending() || !k.Applied.settled() && k.Applied != Accepted || k.Undone != "" {
			return false
		}
	}
	return e.halted == "" && len(e.journal.list) > 0
}

// approvers names who approved the plan.
func (e *Engine) approvers(approvals []Approval) []string {
	names := []string{}
	valid, _ := counted(e.file.ID, approvals, e.opt.Rules.Approvers, e.opt.Now())
	for _, a := range valid {
		names = append(names, a.Name)
	}
	return names
}

// tenants are those that are configured.
func (e *Engine) tenants() map[access.SourceName]string {
	out := map[access.SourceName]string{}
	for source, t := range e.opt.Tenants {
		out[source] = t.Name
	}
	return out
}

func refusedOr(refusals []Refusal, err error) error {
	if err != nil {
		return err
	}
	slices.SortStableFunc(refusals, func(a, b Refusal) int { return a.Line - b.Line })
	return access.WithHint(&RefusedError{refusals}, "nothing of it was sent by this command; make the plan again from newer data, or put right what the lines name")
}

// check looks at the plan as it stands, and at what became of it so far.
func (e *Engine) check(approvals []Approval) ([]Refusal, error) {
	used, err := Used(e.opt.Dir, e.file.ID, e.opt.Now())
	if err != nil {
		return nil, err
	}
	day := used.total
	out := e.file.Check(approvals, e.opt.Grants, e.opt.Rules, e.tenants(), used, e.opt.Now())
	if e.halted != "" {
		out = append(out, e.file.refuse(-1, "it was halted: %s", e.halted))
	}
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		if e.known[o.ID].Undone != "" {
			out = append(out, e.file.refuse(i, "it was taken back: a plan that was rolled back is not applied again"))
		}
		if late := sendable(o, e.opt.Now()); late != "" && e.known[o.ID].Applied.pending() {
			out = append(out, e.file.refuse(i, "%s", late))
		}
	}
	return append(out, e.checkDay(day)...), nil
}

// checkDay holds what this plan sent today and what is due now, on top of what
// other plans changed today, against the cap of a day; and each later wave by
// itself, since a wave goes out on one day.
func (e *Engine) checkDay(others int) []Refusal {
	limit := stricter(e.file.Caps, e.opt.Rules.Caps).Day
	if limit == 0 {
		return nil
	}
	sum, later := others, map[int]int{}
	for id := range sentOn(e.journal.list, e.opt.Now()) {
		sum += len(changes(e.operation(id)))
	}
	due := e.due()
	for _, i := range e.file.order() {
		o := &e.file.Operations[i]
		n, text := len(changes(o)), "with it %d accesses change today, and the cap is %d"
		switch {
		case n == 0 || !e.known[o.ID].Applied.pending():
			continue
		case slices.Contains(due, i):
			sum += n
			n = sum
		default:
			later[wave(o)] += n
			n, text = later[wave(o)], "with it %d accesses change in its wave, and the cap of a day is %d"
		}
		if n > limit {
			return []Refusal{e.file.refuse(i, text, n, limit)}
		}
	}
	return nil
}

// operation finds an operation of the plan.
func (e *Engine) operation(id string) *access.Operation { return &e.file.Operations[e.indexOf(id)] }

func (e *Engine) indexOf(id string) int {
	return slices.IndexFunc(e.file.Operations, func(o access.Operation) bool { return o.ID == id })
}

// due lists the operations that are to be sent now, in the order of sending: of
// all waves where none waits for the one before, else of the first.
func (e *Engine) due() (out []int) {
	first := 0
	for _, i := range e.file.order() {
		o := &e.file.Operations[i]
		if !e.known[o.ID].Applied.pending() {
			continue
		}
		if first == 0 {
			first = wave(o)
		}
		if e.opt.Rules.CanaryWait == 0 || wave(o) == first {
			out = append(out, i)
		}
	}
	return out
}

// inspect reads the state anew and refuses every operation still to be sent whose
// preconditions do not hold. What comes after another one is looked at once that
// is done.
func (e *Engine) inspect(ctx context.Context) (out []Refusal, err error) {
	glances := map[access.SourceName]*glance{}
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		k := e.known[o.ID]
		waits := slices.ContainsFunc(o.After, func(id string) bool { return e.known[id].Applied.pending() })
		if !k.Applied.pending() || waits {
			continue
		}
		if glances[o.Source] == nil {
			glances[o.Source] = e.glance(o.Source)
		}
		broken, err := glances[o.Source].first(ctx, o.Preconditions)
		if err != nil {
			return nil, fmt.Errorf("read the state for line %d: operation %d (%s): %w", e.file.Lines[i], i+1, o.Note, err)
		}
		if broken != nil {
			out = append(out, e.file.refuse(i, "the state is not the one for which it was made; it is no longer so that %s", broken.Text))
		}
	}
	return out, nil
}
