// Package entra hands recommendations to Microsoft Entra access reviews: it
// writes a review definition for each resource, with exactly the flagged users
// in its scope. A review asks people; it removes nothing by itself.
//
// That single users can be listed in principalScopes is what the documentation
// describes (three specific principals across one group and one role); it has
// not been tried against a live tenant. Should Graph read the scope more widely,
// reviewers see more people, and still nothing is removed.
package entra

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"winnow/internal/access"

	"winnow/export"
)

// Name is the sink's key in the configuration, and its name where none is given.
const Name = "entra_review"

const (
	maxUsers        = 100 // users of one definition: a review that people finish
	maxMail         = 256 // runes of descriptionForReviewers that fit into the mail
	maxAdmins       = 1000
	definitionsPath = "/v1.0/identityGovernance/accessReviews/definitions"
)

// A Sink writes access reviews for one Entra source.
type Sink struct{ config Config }

// Name returns the configured name.
func (s *Sink) Name() string { return s.config.Name }

// Plan writes one definition for each resource and hundred of flagged users.
// What a review cannot show or would not change becomes an omission, a rule to
// change a note.
func (s *Sink) Plan(in export.Input) (export.Proposal, error) {
	flags, p := export.Flags(in, s.config.Name, s.config.Source, func(f *export.Flag) string { return s.resolve(in, f) })
	batches, ordered := in.Unasked(s.config.Name, export.Batches(flags, export.Limits{Users: maxUsers, Resources: 1, Lines: s.config.Lines}))
	p.Omitted = append(p.Omitted, ordered...)
	for _, b := range batches {
		o, err := s.operation(in, b)
		if err != nil {
			return export.Proposal{}, fmt.Errorf("write a review on %s: %w", b.Names(), err)
		}
		p.Operations = append(p.Operations, o)
	}
	return p, nil
}

// guid is the form of every id that goes into a query: an id of another form
// could reach for another resource.
var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// resolve sets the kind of resource and who decides, and says what no review can
// show, or what its decisions could not be applied to.
func (s *Sink) resolve(in export.Input, f *export.Flag) string {
	f.Type = f.Recommendation.EntitlementKind
	if _, ok := queries[f.Type]; !ok {
		return "a review cannot name single users for this kind of access: " + f.Type
	}
	switch f.Entitlement.Mastering {
	case "dynamic":
		return "a rule decides on the members of the group, a review cannot change them"
	case "synced":
		return "another directory decides on the members of the group, a review cannot change them"
	}
	switch principal, role, isRole := strings.Cut(f.Resource, "/"); {
	case !guid.MatchString(f.User) || !guid.MatchString(principal), isRole != (f.Type == "app_role"), isRole && !guid.MatchString(role):
		return "the id is not of the form that Entra gives"
	case f.Account.Kind == "service":
		return "the account is not a person"
	}
	return s.config.Reviewer.seat(in, f)
}

// operation writes the request for one definition.
func (s *Sink) operation(in export.Input, b export.Batch) (access.Operation, error) {
	start := in.AsOf.UTC().Add(s.config.Lead)
	d := s.definition(in, b, start)
	body, err := json.Marshal(d)
	if err != nil {
		return access.Operation{}, err
	}
	// A review starts with its first day; a request that is sent later would
	// order a review that is already running.
	before := access.DayOf(start).Time()
	return access.Operation{
		Kind: access.OperationReview, Source: s.config.Source, Tenant: s.config.TenantID,
		Request:           access.Request{Method: "POST", Path: definitionsPath, Body: body},
		Note:              b.Ask(access.DayOf(start), s.config.DurationDays),
		RecommendationIDs: b.IDs(),
		Reversible:        true,
		Inverse:           []access.Request{{Method: "DELETE", Path: definitionsPath + "/{answer.id}"}},
		Probe: &access.Probe{
			// Graph filters definitions by their scope only, hence the pages.
			Path: definitionsPath + "?$select=id,displayName&$top=100",
			List: "value", Field: "displayName", Value: d.DisplayName,
		},
		SendBefore: &before,
	}, nil
}

// until is the last day of a review that starts then.
func (c *Config) until(start time.Time) access.Day { return access.DayOf(start).Add(c.DurationDays) }
