package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"winnow/internal/access"
)

// A verdict is what the platform's state tells of an operation.
type verdict struct {
	state  State // Done; Accepted when its own effect is there and the rest is not yet; NotDone; or InDoubt where nothing tells
	by     string
	reason string
	answer json.RawMessage // the object with the marker, or that the operation's effect consists of
}

// seen reports whether the request's own effect is there.
func (v verdict) seen() bool { return v.state == Done || v.state == Accepted }

// A look asks the platform, once, what became of a request. settled says that
// the request is no longer under way: only then can it be known not to be done.
type look func(ctx context.Context, settled bool) (verdict, error)

// lookApplied looks whether an operation was carried out.
func (e *Engine) lookApplied(o *access.Operation) look {
	return func(ctx context.Context, settled bool) (verdict, error) {
		g := e.glance(o.Source)
		if o.Probe != nil {
			found, err := marker(ctx, g, o.Probe)
			switch {
			case err != nil:
				return verdict{}, err
			case found != nil:
				return verdict{state: Done, by: ByMarker, answer: found, reason: "an object carries the marker of the operation"}, nil
			case settled:
				return verdict{state: NotDone, by: ByMarker, reason: "no object carries the marker of the operation"}, nil
			}
			return verdict{state: InDoubt, reason: "no object carries the marker of the operation yet"}, nil
		}
		if len(o.Verify) == 0 || len(o.Preconditions) == 0 {
			return verdict{state: InDoubt, reason: "neither a marker nor a state tells"}, nil
		}
		done, err := g.holds(ctx, o.Verify[0])
		if err != nil {
			return verdict{}, fmt.Errorf("look whether %s: %w", o.Verify[0].Text, err)
		}
		if done {
			return e.complete(ctx, g, o)
		}
		before, err := g.first(ctx, o.Preconditions)
		switch {
		case err != nil:
			return verdict{}, err
		case before != nil:
			return verdict{state: InDoubt, reason: "the state is neither as before nor as after: not so: " + before.Text + "; nor: " + o.Verify[0].Text}, nil
		case !settled:
			return verdict{state: InDoubt, reason: "the state is as before, and the request may still be under way"}, nil
		}
		return verdict{state: NotDone, by: ByState, reason: "the state is as it was before the request"}, nil
	}
}

// complete tells of an operation whose own effect is there whether the rest of
// what is expected is there as well.
func (e *Engine) complete(ctx context.Context, g *glance, o *access.Operation) (verdict, error) {
	missing, err := g.first(ctx, o.Verify[1:])
	if err != nil {
		return verdict{}, err
	}
	if missing != nil {
		return verdict{state: Accepted, by: ByState, reason: "it is carried out, and it is not so yet that " + missing.Text, answer: g.object(o.Verify[0])}, nil
	}
	return verdict{state: Done, by: ByState, reason: "the state is as it should be after the request", answer: g.object(o.Verify[0])}, nil
}

// lookRestored looks whether an operation's inverse was carried out: its own
// effect is so no longer.
func (e *Engine) lookRestored(o *access.Operation) look {
	return func(ctx context.Context, settled bool) (verdict, error) {
		g := e.glance(o.Source)
		var there bool // what the operation did
		switch {
		case len(o.Verify) > 0:
			done, err := g.holds(ctx, o.Verify[0])
			if err != nil {
				return verdict{}, fmt.Errorf("look whether %s: %w", o.Verify[0].Text, err)
			}
			there = done
		case o.Probe != nil:
			found, err := marker(ctx, g, o.Probe)
			if err != nil {
				return verdict{}, err
			}
			there = found != nil
		default:
			return verdict{state: InDoubt, reason: "neither a marker nor a state tells"}, nil
		}
		switch {
		case !there:
			return verdict{state: Done, by: ByState, reason: "what the operation did is so no longer"}, nil
		case !settled:
			return verdict{state: InDoubt, reason: "what the operation did is still so, and the request may be under way"}, nil
		}
		return verdict{state: NotDone, by: ByState, reason: "what the operation did is still so"}, nil
	}
}

// marker finds the object that carries an operation's marker.
func marker(ctx context.Context, g *glance, p *access.Probe) (json.RawMessage, error) {
	objects, err := g.read(ctx, p.Path, p.List)
	if err != nil {
		return nil, fmt.Errorf("look for the marker %s: %w", quote(p.Value), err)
	}
	for _, o := range objects {
		if fits(o, []access.Field{{Key: p.Field, Value: p.Value}}) {
			return o, nil
		}
	}
	return nil, nil
}

// resolve looks until the platform tells what became of a request that was sent
// at an instant, as often as Options.Looks allows.
func (e *Engine) resolve(ctx context.Context, sent time.Time, l look) (v verdict, err error) {
	for n := 0; ; n++ {
		settled := !e.opt.Now().Before(sent.Add(e.opt.Settle))
		if v, err = l(ctx, settled); err == nil && v.state != InDoubt {
			return v, nil
		}
		wait := time.Duration(0)
		if n < len(e.opt.Looks) {
			wait = e.opt.Looks[n]
		}
		switch rest := sent.Add(e.opt.Settle).Sub(e.opt.Now()); {
		case !settled && (n >= len(e.opt.Looks) || wait > rest):
			wait = rest // look once more when it is certain
		case n >= len(e.opt.Looks):
			return v, err
		}
		if slept := e.opt.Sleep(ctx, max(wait, 0)); slept != nil {
			return verdict{state: InDoubt, reason: "it was interrupted"}, slept
		}
		if stop := e.stopped(); stop != nil {
			return verdict{state: InDoubt}, stop
		}
	}
}

// clear resolves what earlier runs left in doubt: receipts of an intent without
// an answer, and requests whose effect was not seen yet. What counts as not
// carried out is looked at once more: it may have been, later.
func (e *Engine) clear(ctx context.Context) error {
	for i := range e.file.Operations {
		o := &e.file.Operations[i]
		k := e.known[o.ID]
		act, state, l := Applying, k.Applied, e.lookApplied(o)
		if k.Undone != "" {
			act, state, l = RollingBack, k.Undone, e.lookRestored(o)
		}
		if state == "" || state.settled() && state != NotDone {
			continue
		}
		if state == Intent {
			if err := e.write(Receipt{Act: act, State: InDoubt, Reason: "winnow ended before it knew the answer"}, o); err != nil {
				return err
			}
		}
		if err := e.clearOne(ctx, o, act, state, l); err != nil {
			return err
		}
	}
	return nil
}

// clearOne resolves one operation. What the platform accepted and does not show
// stays accepted; any other doubt that stays ends the command.
func (e *Engine) clearOne(ctx context.Context, o *access.Operation, act Act, was State, l look) error {
	var v verdict
	var err error
	if was == Accepted || was == NotDone {
		v, err = l(ctx, true)
	} else {
		v, err = e.resolve(ctx, e.known[o.ID].Sent, l)
	}
	if err != nil {
		return fmt.Errorf("find out what became of operation %d (%s): %w", e.number(o), o.Note, err)
	}
	if was == Accepted && v.state != Done || was == NotDone && !v.seen() {
		return nil
	}
	if v.state == InDoubt {
		return access.WithHint(fmt.Errorf("find out what became of operation %d (%s): %s", e.number(o), o.Note, v.reason),
			"look at it in the platform's own console; nothing more of this plan is sent before it is clear")
	}
	return e.write(Receipt{Act: act, State: v.state, KnownBy: v.by, Reason: v.reason, Answer: kept(v.answer)}, o)
}

// number is the operation's place in the plan, from 1.
func (e *Engine) number(o *access.Operation) int {
	for i := range e.file.Operations {
		if e.file.Operations[i].ID == o.ID {
			return i + 1
		}
	}
	return 0
}

// kept is what a receipt keeps of an answer.
func kept(answer []byte) json.RawMessage {
	if len(answer) == 0 || len(answer) > maxAnswer || !json.Valid(answer) {
		return nil
	}
	return json.RawMessage(answer)
}
