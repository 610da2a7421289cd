package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// A Tenant is where the operations of a source go.
type Tenant struct {
	Name   string      // as plans name it: Okta the org's URL, Entra the tenant's id, SCIM the base URL
	Client Client      // must send a request other than GET again on 429 only
	Header http.Header // sent with each request, for instance SCIM's content type; may be nil
}

// Options say how a plan is carried out.
type Options struct {
	Dir      string // folder of all plans' receipts; each plan has its own, named by its ID
	Tenants  map[access.SourceName]Tenant
	Rules    Rules
	StopFile string // while this file is there, no request is sent; empty for none

	Now   func() time.Time                           // default time.Now
	Sleep func(context.Context, time.Duration) error // default waits for the time or the context

	// Settle is how long a request whose answer was lost may still be under way
	// on the platform: only then does the state before mean that it was not
	// carried out. Default 15 s.
	Settle time.Duration

	// Looks are the waits between looks at the state after a request. Default
	// 1, 2, 4 and 8 s.
	Looks []time.Duration

	// Enter puts a receipt into the audit trail, once it is on the disk. May be
	// nil.
	Enter func(r Receipt, o *access.Operation) error

	// Grants are the approvals that reviews and rules gave, by operation.
	Grants map[string][]Grant

	// AskedBack returns, for operations that were done, in words, who asked to
	// have the access back, by what is known beside the platform's state: tickets
	// and decisions. May be nil.
	AskedBack func(ctx context.Context, done []*access.Operation) (map[string]string, error)
}

func (o Options) withDefaults() Options {
	o.Rules = o.Rules.withDefaults()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(d):
				return nil
			}
		}
	}
	if o.Settle == 0 {
		o.Settle = 15 * time.Second
	}
	if o.Looks == nil {
		o.Looks = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}
	}
	return o
}

// Known is what the receipts say of one operation.
type Known struct {
	Applied State           // of the last receipt of applying; empty for none
	Undone  State           // of the last receipt of rolling back; empty for none
	Sent    time.Time       // of the last intent of either
	DoneAt  time.Time       // when it was known to be done
	Answer  json.RawMessage // of the request, or the object that its marker found
	Reason  string          // of the last receipt
}

// An Engine carries out one plan, or takes it back.
type Engine struct {
	file    *File
	opt     Options
	journal *Journal
	known   map[string]*Known // by operation
	halted  string            // why nothing more is sent; empty otherwise
	raw     []byte
}

// Open makes the engine of a plan, given as the bytes of its file, and reads what
// was done of it before. It speaks to nobody and changes nothing.
func Open(data []byte, o Options) (*Engine, error) {
	f, err := Read(data)
	if err != nil {
		return nil, err
	}
	e := &Engine{file: f, opt: o.withDefaults(), known: map[string]*Known{}, raw: data}
	for i := range f.Operations {
		e.known[f.Operations[i].ID] = &Known{}
	}
	if e.journal, err = openJournal(filepath.Join(o.Dir, f.ID), f.ID, e.opt.Now); err != nil {
		return nil, err
	}
	for _, r := range e.journal.list {
		if err := e.learn(r); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Close closes the receipts.
func (e *Engine) Close() error { return e.journal.close() }

// File returns the plan.
func (e *Engine) File() *File { return e.file }

// Receipts returns the receipts so far, and the file that holds them.
func (e *Engine) Receipts() ([]Receipt, string) {
	return e.journal.list, filepath.Join(e.journal.dir, journalName)
}

// learn takes a receipt into account.
func (e *Engine) learn(r Receipt) error {
	if r.State == Halted {
		e.halted = r.Reason
	}
	if r.Operation == "" {
		return nil
	}
	k := e.known[r.Operation]
	if k == nil {
		return fmt.Errorf("read the receipts: receipt %d speaks of %s, which is not in the plan", r.N, r.Operation)
	}
	if k.Reason = r.Reason; r.State == Intent {
		k.Sent = r.At
	}
	if r.Act == RollingBack {
		k.Undone = r.State
		return nil
	}
	if k.Applied = r.State; r.State == Done || r.State == Accepted {
		k.DoneAt = r.At
	}
	if r.Answer != nil {
		k.Answer = r.Answer
	}
	return nil
}

// write appends a receipt, takes it into account and enters it.
func (e *Engine) write(r Receipt, o *access.Operation) error {
	if o != nil {
		r.Operation, r.Note = o.ID, o.Note
	}
	if err := e.journal.append(r); err != nil {
		return err
	}
	r = e.journal.list[len(e.journal.list)-1]
	if err := e.learn(r); err != nil {
		return err
	}
	if e.opt.Enter == nil {
		return nil
	}
	return e.opt.Enter(r, o)
}

// begin keeps a copy of the plan beside its receipts and tells that a command
// set to work.
func (e *Engine) begin(act Act, by []string) error {
	path := filepath.Join(e.journal.dir, planFile)
	if err := os.MkdirAll(e.journal.dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of the receipts: %w", err)
	}
	if _, err := os.Stat(path); err != nil {
		if err := lake.WriteFile(path, e.raw); err != nil {
			return fmt.Errorf("keep a copy of the plan: %w", err)
		}
	}
	return e.write(Receipt{Act: act, State: Begun, By: by}, nil)
}

// glance returns a fresh view of the state of a source. The stop file is looked
// at before each of its requests.
func (e *Engine) glance(source access.SourceName) *glance {
	t := e.opt.Tenants[source]
	return newGlance(func(ctx context.Context, ref string) (*rest.Page, error) {
		if err := e.stopped(); err != nil {
			return nil, err
		}
		return t.Client.Get(ctx, ref, t.Header)
	})
}
