// Package okta hands recommendations to Okta Identity Governance: it writes
// access certification campaigns over exactly the flagged pairs of users and
// resources. A campaign asks people; it removes nothing by itself.
//
// The API has no list of pairs (POST /governance/api/v1/campaigns takes up to
// 100 users and a list of resources of one type), so a campaign covers
// resources whose flagged users are the same.
package okta

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"winnow/internal/access"

	"winnow/export"
)

// Name is the sink's key in the configuration, and its name where none is given.
const Name = "okta_campaign"

// The limits of the API, from its specification (users) and from what the
// product's own console allows (resources).
const (
	maxUsers       = 100
	maxResources   = 50
	maxDescription = 1000
	campaignsPath  = "/governance/api/v1/campaigns"
)

// A Sink writes campaigns for one Okta source.
type Sink struct{ config Config }

// Name returns the configured name.
func (s *Sink) Name() string { return s.config.Name }

// Plan writes one campaign for each batch of flagged users and resources. What
// a campaign cannot show becomes an omission, a rule to change a note.
func (s *Sink) Plan(in export.Input) (export.Proposal, error) {
	flags, p := export.Flags(in, s.config.Name, s.config.Source, func(f *export.Flag) string { return s.resolve(in, f) })
	batches, ordered := in.Unasked(s.config.Name, export.Batches(flags, export.Limits{Users: maxUsers, Resources: maxResources, Lines: s.config.Lines}))
	p.Omitted = append(p.Omitted, ordered...)
	for _, b := range batches {
		o, err := s.operation(in, b)
		if err != nil {
			return export.Proposal{}, fmt.Errorf("write a campaign on %s: %w", b.Names(), err)
		}
		p.Operations = append(p.Operations, o)
	}
	return p, nil
}

var (
	userID     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,20}$`)
	resourceID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,36}$`)
)

// resolve sets the campaign's type of resource and who decides, and says what no
// campaign can review.
func (s *Sink) resolve(in export.Input, f *export.Flag) string {
	switch f.Recommendation.EntitlementKind {
	case "group":
		f.Type = "GROUP"
	case "app":
		f.Type = "APPLICATION"
	default:
		return "a campaign cannot review this kind of access: " + f.Recommendation.EntitlementKind
	}
	switch {
	case f.Entitlement.Mastering == "builtin":
		return "the group is built in, its members cannot be removed"
	case !userID.MatchString(f.User) || !resourceID.MatchString(f.Resource):
		return "the id is not of the form that Okta gives"
	}
	return s.config.Reviewer.seat(in, f)
}

// operation writes the request for one campaign. Before it starts it can be
// deleted; afterwards it can be ended, without any consequence for the access.
func (s *Sink) operation(in export.Input, b export.Batch) (access.Operation, error) {
	start := s.config.start(in.AsOf)
	c := s.campaign(in, b, start)
	body, err := json.Marshal(c)
	if err != nil {
		return access.Operation{}, err
	}
	return access.Operation{
		Kind: access.OperationReview, Source: s.config.Source, Tenant: s.config.OrgURL,
		Request:           access.Request{Method: http.MethodPost, Path: campaignsPath, Body: body},
		Note:              b.Ask(access.DayOf(start), s.config.DurationDays),
		RecommendationIDs: b.IDs(),
		Reversible:        true,
		Inverse: []access.Request{
			{Method: http.MethodDelete, Path: campaignsPath + "/{answer.id}"}, // while scheduled
			{Method: http.MethodPost, Path: campaignsPath + "/{answer.id}/end", Body: json.RawMessage(`{"skipRemediation":true}`)},
		},
		Probe: &access.Probe{
			Path: campaignsPath + "?filter=" + escape(`name eq "`+c.Name+`"`),
			List: "data", Field: "name", Value: c.Name,
		},
		SendBefore: &start,
	}, nil
}

// escape writes a value of a query with percent signs only: Okta asks for that.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// start is the first full hour that lies at least the lead after as-of. The API
// refuses a start in the past.
func (c *Config) start(asOf time.Time) time.Time {
	t := asOf.UTC().Add(c.Lead)
	if hour := t.Truncate(time.Hour); !hour.Equal(t) {
		return hour.Add(time.Hour)
	}
	return t
}
