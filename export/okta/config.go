package okta

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

// A Config says for which org campaigns are written, and how.
type Config struct {
	Name   string            // tells two orgs' sinks apart in the plan; empty for "okta_campaign"
	Source access.SourceName // the Okta source whose access is reviewed
	OrgURL string            // its org, for instance https://acme.okta.com

	Lead         time.Duration // from as-of to the start; it leaves time to approve the plan. 0 for 72 hours
	DurationDays int           // how long reviewers have, in days; 0 for 14
	Lines        int           // most lines of one reviewer in one campaign; 0 for 100
	Reviewer     Reviewer
	Text         export.Text
}

// A Reviewer says who decides.
type Reviewer struct {
	By         By
	Expression string // Manager: Okta expression for the reviewer; empty for user.profile.managerId
	Fallback   string // Manager, Owner: id of the user who decides where there is none
	User       string // User: id of the user who decides everything
	Alternate  string // id of the user who decides where the fallback, or the one user, is concerned; empty leaves such access out
}

// By is how a reviewer is found.
type By string

// The ways to find a reviewer.
const (
	Manager By = "manager" // of each user under review
	Owner   By = "owner"   // of each resource under review
	User    By = "user"    // one user for everything
)

// New checks the configuration and returns the sink. It reports all faults at
// once.
func New(c Config) (*Sink, error) {
	c.Name = cmp.Or(c.Name, Name)
	c.OrgURL = strings.TrimRight(c.OrgURL, "/")
	c.Lead = cmp.Or(c.Lead, 72*time.Hour)
	c.DurationDays = cmp.Or(c.DurationDays, 14)
	c.Lines = cmp.Or(c.Lines, 100)
	c.Reviewer.By = cmp.Or(c.Reviewer.By, Manager)
	if c.Reviewer.By == Manager {
		c.Reviewer.Expression = cmp.Or(c.Reviewer.Expression, "user.profile.managerId")
	}
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
	fault(c.Source == "", "source must name an Okta source")
	fault(!export.IsURL(c.OrgURL), "the org's URL must be a URL such as https://acme.okta.com")
	fault(c.Lead < 0, "lead must not be negative: a campaign starts in the future")
	fault(c.DurationDays < 1, "duration must be at least one day")
	fault(c.Lines < 1, "lines of a reviewer must be at least one")
	fault(utf8.RuneCountInString(c.Text.Prefix) > 40, "prefix must have at most 40 characters")
	return append(faults, c.Reviewer.check()...)
}

func (r Reviewer) check() []error {
	switch {
	case r.By != Manager && r.By != Owner && r.By != User:
		return []error{errors.New("reviewer must be manager, owner or user")}
	case r.By == User && !userID.MatchString(r.User):
		return []error{access.WithHint(errors.New("reviewer user needs the id of a user"), "an Okta user id begins with 00u")}
	case r.By != User && !userID.MatchString(r.Fallback):
		return []error{access.WithHint(fmt.Errorf("reviewer %s needs the id of a fallback reviewer", r.By),
			"Okta demands one for the case that no reviewer is found; an Okta user id begins with 00u")}
	case r.Alternate != "" && (!userID.MatchString(r.Alternate) || r.Alternate == r.last()):
		return []error{access.WithHint(errors.New("reviewer alternate needs the id of another user"), "an Okta user id begins with 00u")}
	case len(r.Expression) > 2000:
		return []error{errors.New("reviewer expression must have at most 2000 characters")}
	}
	return nil
}
