package apply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// maxTries is how often a request is sent of which it is clear that it was not
// carried out.
const maxTries = 6

// A step is one request of an operation, or of its inverse.
type step struct {
	act     Act
	op      *access.Operation
	request access.Request
	look    look
	again   func(ctx context.Context) error // looks whether the request may be sent, before every try; may be nil
}

// perform sends a step's request until it is clear what became of it, and
// returns that: Done, Accepted, Already, Refused or NotDone, each with its
// receipt. An error with InDoubt, or with NotDone, ends the command: what is in
// doubt is resolved at the next start.
func (e *Engine) perform(ctx context.Context, s step) (State, error) {
	for try := 1; ; try++ {
		state, err := e.try(ctx, s, try > 1)
		if state != NotDone || err != nil {
			return state, err
		}
		if try == maxTries {
			return NotDone, fmt.Errorf("send operation %d (%s): given up after %d tries, each of which was not carried out", e.number(s.op), s.op.Note, try)
		}
		if err := e.opt.Sleep(ctx, min(time.Second<<(try-1), 30*time.Second)); err != nil {
			return NotDone, err
		}
	}
}

// try sends a step's request once.
func (e *Engine) try(ctx context.Context, s step, tried bool) (State, error) {
	if late, err := e.late(ctx, s, tried); late != "" || err != nil {
		return cmp.Or(late, NotDone), err
	}
	if s.again != nil {
		if err := s.again(ctx); err != nil {
			return NotDone, err
		}
	}
	if err := e.intend(ctx, s); err != nil {
		return NotDone, err
	}
	page, err := e.transmit(ctx, s)
	if err == nil {
		return e.accepted(ctx, s, page)
	}
	if errors.Is(err, ErrStopped) { // a client that waited to send it again
		return NotDone, errors.Join(err, e.write(Receipt{Act: s.act, State: NotDone, Reason: err.Error()}, s.op))
	}
	if status := rest.StatusOf(err); final(status) {
		return e.refused(ctx, s, status, err, tried)
	}
	return e.doubtful(ctx, s, err)
}

// late looks, before a request is sent again, whether the first one was carried
// out after all, later than Options.Settle. It returns "" where it was not.
func (e *Engine) late(ctx context.Context, s step, tried bool) (State, error) {
	if !tried {
		return "", nil
	}
	v, err := s.look(ctx, true)
	if err != nil || !v.seen() {
		return "", err
	}
	return v.state, e.write(Receipt{Act: s.act, State: v.state, KnownBy: v.by, Reason: "the request was carried out late: " + v.reason, Answer: kept(v.answer)}, s.op)
}

// intend puts the intent on the disk. Whoever stops between it and the request
// leaves a receipt that nothing was sent.
func (e *Engine) intend(ctx context.Context, s step) error {
	if err := s.request.Check(); err != nil {
		return fmt.Errorf("send operation %d: %w", e.number(s.op), err)
	}
	if err := errors.Join(ctx.Err(), e.stopped()); err != nil {
		return err
	}
	if err := e.write(Receipt{Act: s.act, State: Intent, Method: s.request.Method, Path: s.request.Path}, s.op); err != nil {
		return err
	}
	if err := e.stopped(); err != nil {
		return errors.Join(err, e.write(Receipt{Act: s.act, State: NotDone, Reason: err.Error()}, s.op))
	}
	return nil
}

// transmit sends the request to the tenant, and nowhere else.
func (e *Engine) transmit(ctx context.Context, s step) (*rest.Page, error) {
	t := e.opt.Tenants[s.op.Source]
	header := t.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if s.request.Body != nil && header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return t.Client.Do(ctx, s.request.Method, s.request.Path, header, s.request.Body)
}

// final reports whether a refusal says for certain that nothing was done, and
// will not be.
func final(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false // the credential, or a moment: neither says anything of the operation
	}
	return status >= 400 && status < 500
}

// accepted looks for the effect of a request that was answered well.
func (e *Engine) accepted(ctx context.Context, s step, page *rest.Page) (State, error) {
	r := Receipt{Act: s.act, State: Done, KnownBy: ByAnswer, Status: page.Status, Answer: kept(page.Body)}
	if len(s.op.Verify) > 0 {
		switch v, err := e.effect(ctx, s); {
		case err != nil:
			r.State, r.Reason = Accepted, "the effect could not be looked at: "+err.Error()
		case v.state != Done:
			r.State, r.Reason = Accepted, "the platform answered "+fmt.Sprint(page.Status)+": "+v.reason
		default:
			r.Reason = v.reason
		}
	}
	return r.State, e.write(r, s.op)
}

// effect waits for a request's own effect.
func (e *Engine) effect(ctx context.Context, s step) (v verdict, err error) {
	for n := 0; ; n++ {
		if v, err = s.look(ctx, false); err == nil && v.seen() || n == len(e.opt.Looks) {
			return v, err
		}
		if slept := e.opt.Sleep(ctx, e.opt.Looks[n]); slept != nil {
			return v, slept
		}
	}
}

// refused tells a refusal. Where the state is as wanted all the same, either an
// earlier try of ours did it, or somebody else.
func (e *Engine) refused(ctx context.Context, s step, status int, cause error, tried bool) (State, error) {
	r := Receipt{Act: s.act, State: Refused, KnownBy: ByAnswer, Status: status, Reason: cause.Error()}
	if v, err := s.look(ctx, false); err == nil && v.seen() && len(s.op.Verify) > 0 {
		if r.State, r.KnownBy = Already, ByState; tried {
			r.State = Done
		}
		r.Reason = "the state is as wanted; the platform said: " + cause.Error()
	}
	return r.State, e.write(r, s.op)
}

// doubtful tells that an answer was lost, and finds out what became of the
// request.
func (e *Engine) doubtful(ctx context.Context, s step, cause error) (State, error) {
	if status := rest.StatusOf(cause); status == http.StatusTooManyRequests || status == http.StatusUnauthorized {
		r := Receipt{Act: s.act, State: NotDone, KnownBy: ByAnswer, Status: status, Reason: cause.Error()}
		return NotDone, errors.Join(e.write(r, s.op), cause)
	}
	if err := e.write(Receipt{Act: s.act, State: InDoubt, Status: rest.StatusOf(cause), Reason: strings.TrimSpace(cause.Error())}, s.op); err != nil {
		return InDoubt, err
	}
	v, err := e.resolve(ctx, e.known[s.op.ID].Sent, s.look)
	if err == nil && v.state == InDoubt {
		err = errors.New(v.reason)
	}
	if err != nil {
		return InDoubt, access.WithHint(fmt.Errorf("operation %d (%s) is in doubt after %w; %w", e.number(s.op), s.op.Note, cause, err),
			"its receipt says so; the next start of the same command looks again, and sends nothing before it is clear")
	}
	return v.state, e.write(Receipt{Act: s.act, State: v.state, KnownBy: v.by, Reason: v.reason, Answer: kept(v.answer)}, s.op)
}
