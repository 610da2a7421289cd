package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
	"winnow/internal/audit"
)

// changeDir holds the receipts of all plans that were applied.
func (s *site) changeDir() string { return filepath.Join(s.DataDir, "apply") }

// stopFile is the file that stops everything while it exists.
func (s *site) stopFile() string {
	if s.Apply.StopFile != "" {
		return s.Apply.StopFile
	}
	return filepath.Join(s.DataDir, "STOP")
}

// rules are what the configuration demands of every plan.
func (s *site) rules() apply.Rules {
	c := s.Apply
	r := apply.Rules{Approvals: c.Approvals, Caps: c.Caps.Access(), CanaryWait: time.Duration(c.CanaryHours) * time.Hour,
		HaltAfter: c.HaltAfter, MaxRefused: c.MaxRefused}
	if c.Canary == 0 {
		r.CanaryWait = 0
	}
	for _, a := range c.Approvers {
		r.Approvers = append(r.Approvers, apply.Approver{Name: a.Name, Key: a.Key(), Identity: a.Identity})
	}
	return r
}

// approvalsOf is where the approvals of a plan lie: beside it.
func approvalsOf(plan string) string { return strings.TrimSuffix(plan, ".json") + ".approvals.ndjson" }

// readApprovals reads what lies beside a plan.
func readApprovals(path, plan string) ([]apply.Approval, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the approvals: %w", err)
	}
	return apply.ReadApprovals(data, plan)
}

// options say how a plan is carried out or taken back. Taking back needs no more
// than these: no snapshot, and nobody's word.
func (j *job) options(data []byte) (*apply.File, apply.Options, error) {
	f, err := apply.Read(data)
	if err != nil {
		return nil, apply.Options{}, usage(err)
	}
	tenants, err := j.site.tenants(&f.Plan)
	return f, apply.Options{Dir: j.site.changeDir(), Tenants: tenants, Rules: j.site.rules(), StopFile: j.site.stopFile(), Now: j.app.now,
		Enter: j.enterReceipt}, err
}

// engine opens the engine that carries a plan out, with what reviews and rules
// decided. enter puts its receipts into the audit trail.
func (j *job) engine(ctx context.Context, data []byte, enter func(apply.Receipt, *access.Operation) error) (*apply.Engine, error) {
	f, o, err := j.options(data)
	if err != nil {
		return nil, err
	}
	o.Enter = enter
	o.AskedBack = func(ctx context.Context, done []*access.Operation) (map[string]string, error) {
		return j.askedBack(ctx, f.AsOf, done)
	}
	if o.Grants, err = j.grants(ctx, &f.Plan); err != nil {
		return nil, err
	}
	return apply.Open(data, o)
}

// enterReceipt enters a receipt into the audit trail: what was sent, what became
// of it, and what was taken back. The entry says of whom by a pseudonym; the
// receipt lies beside it, sealed, without the platform's answer.
func (j *job) enterReceipt(r apply.Receipt, o *access.Operation) error {
	f := audit.Fact{Kind: audit.Receipt, Verb: audit.Word(string(r.Act)), State: audit.Word(string(r.State)), Plan: r.Plan, N: int64(r.N)}
	switch {
	case r.Act == apply.RollingBack:
		f.Kind = audit.Rollback
	case r.State == apply.Intent:
		f.Kind = audit.Request
	}
	r.Answer, r.By = nil, nil // approvals have entries of their own, sealed
	person := ""
	if o != nil && o.Subject != nil {
		person = o.Subject.IdentityID
	}
	return j.keep(f, person, r)
}

// keep enters a fact with a body about a person.
func (j *job) keep(f audit.Fact, person string, body any) error {
	content, err := access.CanonicalJSON(body)
	if err != nil {
		return err
	}
	if f.Who, f.Body, err = j.trail.Keep(person, content); err != nil {
		return err
	}
	return j.enter(f)
}

// enterApprovals enters on whose signatures a plan is applied: of those who are
// named, each once, however often the command is called.
func (j *job) enterApprovals(names []string, approvals []apply.Approval, before []apply.Receipt) error {
	for _, name := range names {
		told := slices.ContainsFunc(before, func(r apply.Receipt) bool { return slices.Contains(r.By, name) })
		i := slices.IndexFunc(approvals, func(a apply.Approval) bool { return a.Approver == name })
		if told || i < 0 {
			continue
		}
		person := "approver:" + name
		for _, p := range j.site.Apply.Approvers {
			if p.Name == name && p.Identity != "" {
				person = p.Identity
			}
		}
		f := audit.Fact{Kind: audit.Decision, Verb: "approve", State: "approved", Plan: approvals[i].Plan}
		if err := j.keep(f, person, approvals[i]); err != nil {
			return err
		}
	}
	return nil
}
