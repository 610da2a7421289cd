package entra

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"winnow/internal/access"

	"winnow/export"
)

// A Config says for which tenant reviews are written, and how.
type Config struct {
	Name     string            // tells two tenants' sinks apart in the plan; empty for "entra_review"
	Source   access.SourceName // the Entra source whose access is reviewed
	TenantID string            // its tenant

	Lead         time.Duration // from as-of to the start; it leaves time to approve the plan. 0 for 72 hours
	DurationDays int           // how long reviewers have, in days; 0 for 14
	Lines        int           // most lines of one reviewer in one review; 0 for 100
	Reviewer     Reviewer
	Text         export.Text
}

// A Reviewer says who decides.
type Reviewer struct {
	By       By
	Fallback string // Manager, Owner: object id of the user who decides where there is none
	User     string // User: object id of the user who decides everything

	// Alternate is the object id of the user who decides where the fallback, or
	// the one user, is concerned; empty leaves such access out.
	Alternate string
}

// By is how a reviewer is found.
type By string

// The ways to find a reviewer.
const (
	Manager By = "manager" // of each user under review
	Owner   By = "owner"   // of each resource under review; the fallback for a directory role
	User    By = "user"    // one user for everything
)

// New checks the configuration and returns the sink. It reports all faults at
// once.
func New(c Config) (*Sink, error) {
	c.Name = cmp.Or(c.Name, Name)
	c.Lead = cmp.Or(c.Lead, 72*time.Hour)
	c.DurationDays = cmp.Or(c.DurationDays, 14)
	c.Lines = cmp.Or(c.Lines, 100)
	c.Reviewer.By = cmp.Or(c.Reviewer.By, Manager)
	if faults := c.check(); len(faults) > 0 {
		return nil, fmt.Errorf("set up %s: %w", c.Name, errors.Join(faults...))
	}
	return &Sink{config: c}, nil
}

func (c *Config) check() []error {
	var faults []error
	fault := func(bad bool, text string) {
		if bad {
			faults = append(faults, errors.New(text))
		}
	}
	fault(c.Source == "", "source must name an Entra source")
	fault(c.TenantID == "", "the tenant's id is missing")
	fault(c.Lead < 24*time.Hour, "lead must be at least 24 hours: a review starts on a later day")
	fault(c.DurationDays < 1, "duration must be at least one day")
	fault(c.Lines < 1, "lines of a reviewer must be at least one")
	fault(utf8.RuneCountInString(c.Text.Prefix) > 40, "prefix must have at most 40 characters")
	return append(faults, c.Reviewer.check()...)
}

func (r Reviewer) check() []error {
	switch {
	case r.By != Manager && r.By != Owner && r.By != User:
		return []error{errors.New("reviewer must be manager, owner or user")}
	case r.By == User && !guid.MatchString(r.User):
		return []error{access.WithHint(errors.New("reviewer user needs the object id of a user"), "it is on the user's page in the Entra admin centre")}
	case r.By != User && !guid.MatchString(r.Fallback):
		return []error{access.WithHint(fmt.Errorf("reviewer %s needs the object id of a fallback reviewer", r.By),
			"without one a review for which nobody is found is reviewed by nobody")}
	case r.Alternate != "" && (!guid.MatchString(r.Alternate) || strings.EqualFold(r.Alternate, r.last())):
		return []error{access.WithHint(errors.New("reviewer alternate needs the object id of another user"), "it is on the user's page in the Entra admin centre")}
	}
	return nil
}

// last is who decides where nobody else does.
func (r Reviewer) last() string {
	if r.By == User {
		return r.User
	}
	return r.Fallback
}

// seat says on whose list of lines the flag will be, and sets it apart where
// that would be the person concerned. Entra does not keep owners from deciding
// on themselves.
func (r Reviewer) seat(in export.Input, f *export.Flag) string {
	switch r.By {
	case Manager:
		f.Reviewer = f.Recommendation.Manager
	case Owner:
		f.Reviewer = f.Recommendation.Owner
		if in.Owns(*f) {
			f.Apart = export.Fallback
		}
	}
	return in.Seat(f, r.last(), r.Alternate)
}

// of returns who reviews a batch. A review without reviewers would be a
// self-review, which nobody asked for. What is set apart is decided by one
// person: owners could be among those concerned.
func (r Reviewer) of(b export.Batch) reviewer {
	path, owned := owners[b.Type]
	switch {
	case b.Apart == export.Alternate && r.By != Manager:
		return graphReviewer("/users/" + r.Alternate)
	case r.By == User || b.Apart == export.Fallback || r.By == Owner && !owned:
		return graphReviewer("/users/" + r.last())
	case r.By == Owner:
		return graphReviewer(strings.ReplaceAll(path, "{id}", objectID(b)))
	}
	manager := graphReviewer("./manager")
	manager.QueryRoot = "decisions"
	return manager
}

func (r Reviewer) fallback(b export.Batch) []reviewer {
	switch {
	case r.By == User:
		return []reviewer{}
	case b.Apart == export.Alternate:
		return []reviewer{graphReviewer("/users/" + r.Alternate)}
	}
	return []reviewer{graphReviewer("/users/" + r.Fallback)}
}
