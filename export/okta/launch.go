package okta

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"

	"winnow/export"
	"winnow/internal/access"
)

// LaunchName is the sink of launches.
const LaunchName = "okta_launch"

// A Campaign is one that the org lists.
type Campaign struct{ ID, Name string }

// A Launch writes the requests that start scheduled campaigns now. A campaign
// starts by itself on its start date; before it does so only when somebody asks
// for it, which is why nothing but a request of its own makes this sink.
type Launch struct {
	Source    access.SourceName
	OrgURL    string
	Campaigns []Campaign
}

// Name returns the sink's name.
func (l Launch) Name() string { return LaunchName }

var campaignID = regexp.MustCompile(`^[A-Za-z0-9]{1,40}$`)

// Plan writes one request a campaign. It is undone by the campaign's end,
// without any consequence for the access.
func (l Launch) Plan(export.Input) (export.Proposal, error) {
	var p export.Proposal
	if l.OrgURL == "" {
		return p, errors.New("the org's URL is missing")
	}
	for _, c := range l.Campaigns {
		if !campaignID.MatchString(c.ID) {
			return p, fmt.Errorf("campaign %s has no id of the form that Okta gives", access.QuoteName(c.ID, "“", "”"))
		}
		path := campaignsPath + "/" + url.PathEscape(c.ID)
		stands := func(status, text string) []access.Condition {
			return []access.Condition{{Text: text, Path: path, Where: []access.Field{{Key: "status", Value: status}}, Want: access.Present}}
		}
		p.Operations = append(p.Operations, access.Operation{
			Kind: access.OperationReview, Source: l.Source, Tenant: l.OrgURL,
			Request:       access.Request{Method: http.MethodPost, Path: path + "/launch"},
			Note:          "start the campaign " + export.Quoted(c.Name) + " now: its reviewers are asked",
			Preconditions: stands("SCHEDULED", "the campaign is scheduled"),
			Verify:        stands("ACTIVE", "the campaign is active"),
			Reversible:    true,
			Inverse:       []access.Request{{Method: http.MethodPost, Path: path + "/end", Body: json.RawMessage(`{"skipRemediation":true}`)}},
		})
	}
	return p, nil
}
