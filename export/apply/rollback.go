package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// Rollback takes back what this plan did, the last thing first, and, without
// send, only looks what that would be. What was so already, or was refused, is
// left alone. The same call goes on where the last one ended.
//
// What cannot be restored gets a receipt with its reason, and is named in the
// report; that is no error.
func (e *Engine) Rollback(ctx context.Context, send bool) (*Report, error) {
	err := e.rollback(ctx, send)
	return e.report(RollingBack, send), err
}

func (e *Engine) rollback(ctx context.Context, send bool) error {
	if err := e.stopped(); err != nil {
		return err
	}
	if err := e.checkBack(); err != nil {
		return err
	}
	if !send {
		return nil
	}
	if err := e.begin(RollingBack, nil); err != nil {
		return err
	}
	if err := e.clear(ctx); err != nil {
		return err
	}
	order := e.file.order()
	slices.Reverse(order)
	for _, i := range order {
		o := &e.file.Operations[i]
		k := e.known[o.ID]
		if !k.Applied.ours() || k.Undone == Done || k.Undone == Already || k.Undone == Accepted {
			continue // an inverse that was accepted is on its way
		}
		if err := e.restore(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// checkBack refuses to take back in another tenant than the plan's.
func (e *Engine) checkBack() error {
	if refusals := e.file.checkTenants(e.tenants()); len(refusals) > 0 {
		return &RefusedError{refusals}
	}
	return nil
}

// restore takes one operation back.
func (e *Engine) restore(ctx context.Context, o *access.Operation) error {
	if !o.Reversible || len(o.Inverse) == 0 {
		return e.keep(o, "it cannot be undone: "+o.Lost)
	}
	v, err := e.lookRestored(o)(ctx, true)
	if err != nil {
		return fmt.Errorf("look whether operation %d (%s) is still to be taken back: %w", e.number(o), o.Note, err)
	}
	if v.state == Done {
		if e.known[o.ID].Applied == Accepted {
			return e.keep(o, "the platform took the request, and its effect was never seen: it may still come")
		}
		deviations, err := e.deviations(ctx, o)
		if err != nil {
			return err
		}
		return e.write(Receipt{Act: RollingBack, State: Already, KnownBy: ByState, Reason: strings.Join(append([]string{v.reason}, deviations...), "; ")}, o)
	}
	return e.invert(ctx, o)
}

// invert sends the inverses in their order until one is accepted.
func (e *Engine) invert(ctx context.Context, o *access.Operation) error {
	var reasons []string
	for _, inverse := range o.Inverse {
		request, err := inverse.Fill(e.known[o.ID].Answer)
		if err != nil {
			reasons = append(reasons, err.Error())
			continue
		}
		state, err := e.perform(ctx, step{act: RollingBack, op: o, request: request, look: e.lookRestored(o)})
		if err != nil {
			return err
		}
		if state != Refused {
			return e.afterwards(ctx, o, state)
		}
		reasons = append(reasons, e.known[o.ID].Reason)
	}
	return e.keep(o, strings.Join(reasons, "; "))
}

// afterwards tells what is not as it was before, although the operation was
// taken back.
func (e *Engine) afterwards(ctx context.Context, o *access.Operation, state State) error {
	deviations, err := e.deviations(ctx, o)
	if err != nil || len(deviations) == 0 && o.Lost == "" {
		return err
	}
	if o.Lost != "" {
		deviations = append(deviations, o.Lost)
	}
	return e.write(Receipt{Act: RollingBack, State: state, KnownBy: ByState, Reason: "restored, but: " + strings.Join(deviations, "; ")}, o)
}

// deviations names the preconditions of an operation that do not hold.
func (e *Engine) deviations(ctx context.Context, o *access.Operation) (out []string, err error) {
	g := e.glance(o.Source)
	for _, c := range o.Preconditions {
		ok, err := g.holds(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("look whether %s: %w", c.Text, err)
		}
		if !ok {
			out = append(out, "it is not so that "+c.Text)
		}
	}
	return out, nil
}

// keep tells that an operation could not be taken back.
func (e *Engine) keep(o *access.Operation, reason string) error {
	return e.write(Receipt{Act: RollingBack, State: Kept, Reason: reason}, o)
}

// ErrKept is in the chain of the error of Report.Whole.
var ErrKept = errors.New("could not be restored")

// Whole returns an error that names what a rollback could not restore.
func (r *Report) Whole() error {
	var lines []string
	for _, o := range r.Operations {
		if o.State == Kept {
			lines = append(lines, fmt.Sprintf("operation %d (%s): %s", o.Operation, o.Note, o.Reason))
		}
	}
	if lines == nil {
		return nil
	}
	return fmt.Errorf("%s %w:\n%s", plural(len(lines), "operation"), ErrKept, strings.Join(lines, "\n"))
}
