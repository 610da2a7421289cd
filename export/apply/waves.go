package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/internal/access"
)

// nextWave returns when the next wave may go out, and whether one waits.
func (e *Engine) nextWave() (time.Time, bool) {
	due := e.due()
	if len(due) == 0 {
		return time.Time{}, false
	}
	var last time.Time
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		if at := e.known[o.ID].DoneAt; wave(o) < wave(&e.file.Operations[due[0]]) && at.After(last) {
			last = at
		}
	}
	next := last.Add(e.opt.Rules.CanaryWait)
	return next, e.opt.Rules.CanaryWait > 0 && !last.IsZero() && e.opt.Now().Before(next)
}

// waves sends what is due, wave by wave.
func (e *Engine) waves(ctx context.Context) error {
	refused := 0
	for {
		due := e.due()
		if _, wait := e.nextWave(); wait || len(due) == 0 {
			return e.clear(ctx) // what waited for a later operation to show
		}
		now := wave(&e.file.Operations[due[0]])
		if err := e.askedBack(ctx, now); err != nil {
			return err
		}
		sent, err := e.sendWave(ctx, due, now, &refused)
		if err != nil {
			return err
		}
		if sent == 0 { // all that is left waits for what is not done
			return errors.New("what is left waits for operations that were refused, or whose effect is not there yet")
		}
	}
}

// sendWave sends those of the due operations that are of a wave, and returns how
// many it sent. refused counts the refusals of this command.
func (e *Engine) sendWave(ctx context.Context, due []int, now int, refused *int) (sent int, err error) {
	canary := now == e.firstWave()
	for _, i := range due {
		if wave(&e.file.Operations[i]) != now {
			break
		}
		state, err := e.send(ctx, i)
		if err != nil {
			return sent, err
		}
		if state != "" {
			sent++
		}
		if state == Refused {
			*refused++
		}
		if state == Refused && (canary || *refused >= e.opt.Rules.MaxRefused) {
			return sent, e.haltRefused(i, *refused, canary)
		}
	}
	return sent, nil
}

// firstWave is the wave of the canary.
func (e *Engine) firstWave() int {
	order := e.file.order()
	return wave(&e.file.Operations[order[0]])
}

// haltRefused ends the sending after refusals of the platform. A canary that was
// refused ends the plan.
func (e *Engine) haltRefused(i, refused int, canary bool) error {
	o := &e.file.Operations[i]
	err := fmt.Errorf("line %d: operation %d (%s) was refused: %s", e.file.Lines[i], i+1, o.Note, e.known[o.ID].Reason)
	if !canary {
		return access.WithHint(err, fmt.Sprintf("%s were refused in this go; the receipts name them. The same command goes on with the rest", plural(refused, "request")))
	}
	if halted := e.halt(fmt.Sprintf("operation %d of the first wave was refused", i+1)); halted != nil {
		return errors.Join(err, halted)
	}
	return access.WithHint(err, "it is of the first wave: nothing more of this plan is sent. Make the plan again without it; winnow rollback takes back what was sent")
}

// halt tells that nothing more of the plan is sent, ever.
func (e *Engine) halt(reason string) error {
	return e.write(Receipt{Act: Applying, State: Halted, Reason: reason}, nil)
}

// send sends one operation when what it comes after is done and its
// preconditions hold. It returns "" for one that waits.
func (e *Engine) send(ctx context.Context, i int) (State, error) {
	o := &e.file.Operations[i]
	for _, id := range o.After {
		if s := e.known[id].Applied; s != Done && s != Already {
			return "", nil
		}
	}
	return e.perform(ctx, step{act: Applying, op: o, request: o.Request, look: e.lookApplied(o),
		again: func(ctx context.Context) error { return e.ready(ctx, i) }})
}

// ready looks, just before a request, whether it may be sent.
func (e *Engine) ready(ctx context.Context, i int) error {
	o := &e.file.Operations[i]
	refusals := e.file.checkTime(e.opt.Now())
	if late := sendable(o, e.opt.Now()); late != "" {
		refusals = append(refusals, e.file.refuse(i, "%s", late))
	}
	broken, err := e.glance(o.Source).first(ctx, o.Preconditions)
	if err != nil {
		return fmt.Errorf("read the state for operation %d (%s): %w", i+1, o.Note, err)
	}
	if broken != nil {
		refusals = append(refusals, e.file.refuse(i, "the state changed while the plan was applied; it is no longer so that %s", broken.Text))
	}
	if len(refusals) > 0 {
		return access.WithHint(&RefusedError{refusals}, "what was sent before it stands in the receipts; make a new plan for the rest, or take this one back with winnow rollback")
	}
	return nil
}

// askedBack halts the plan when people want back what its earlier waves took:
// when the access is there again, or a ticket or decision asks for it.
func (e *Engine) askedBack(ctx context.Context, before int) error {
	done := e.done(before)
	if len(done) == 0 {
		return nil
	}
	back := map[string]string{}
	if e.opt.AskedBack != nil {
		asked, err := e.opt.AskedBack(ctx, done)
		if err != nil {
			return fmt.Errorf("look who asks to have access back: %w", err)
		}
		back = asked
	}
	var lines []Refusal
	glances := map[access.SourceName]*glance{}
	for _, o := range done {
		if glances[o.Source] == nil {
			glances[o.Source] = e.glance(o.Source)
		}
		i := e.indexOf(o.ID)
		broken, err := glances[o.Source].first(ctx, o.Verify)
		switch {
		case err != nil:
			return fmt.Errorf("look whether access was given back for operation %d (%s): %w", i+1, o.Note, err)
		case broken != nil:
			lines = append(lines, e.file.refuse(i, "it was given back since: it is no longer so that %s", broken.Text))
		case back[o.ID] != "":
			lines = append(lines, e.file.refuse(i, "it is asked back: %s", back[o.ID]))
		}
	}
	if len(lines) < e.opt.Rules.HaltAfter {
		return nil
	}
	if err := e.halt(fmt.Sprintf("people want %s of it taken back", plural(len(lines), "change"))); err != nil {
		return err
	}
	return access.WithHint(&RefusedError{lines}, "nothing more of this plan is sent; look why the access is needed, and take the rest back with winnow rollback")
}
