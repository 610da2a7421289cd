package okta

import (
	"time"

	"winnow/export"
)

// campaign is the body of POST /governance/api/v1/campaigns.
type campaign struct {
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	CampaignType string           `json:"campaignType"`
	Schedule     schedule         `json:"scheduleSettings"`
	Resources    resources        `json:"resourceSettings"`
	Principals   principals       `json:"principalScopeSettings"`
	Reviewer     reviewerSettings `json:"reviewerSettings"`
	Notification notification     `json:"notificationSettings"`
	Remediation  remediation      `json:"remediationSettings"`
}

type schedule struct {
	Type           string `json:"type"`
	StartDate      string `json:"startDate"`
	DurationInDays int    `json:"durationInDays"`
	TimeZone       string `json:"timeZone"`
}

type resources struct {
	TargetTypes     []string `json:"targetTypes"`
	TargetResources []target `json:"targetResources"`
}

type target struct {
	ResourceID   string `json:"resourceId"`
	ResourceType string `json:"resourceType"`
}

type principals struct {
	Type    string   `json:"type"`
	UserIDs []string `json:"userIds"`
}

type reviewerSettings struct {
	Type                  string `json:"type"`
	ReviewerID            string `json:"reviewerId,omitempty"`
	ScopeExpression       string `json:"reviewerScopeExpression,omitempty"`
	FallbackReviewerID    string `json:"fallBackReviewerId,omitempty"`
	SelfReviewDisabled    bool   `json:"selfReviewDisabled"`
	JustificationRequired bool   `json:"justificationRequired"`
}

type notification struct {
	WhenReviewAssigned bool `json:"notifyReviewerWhenReviewAssigned"`
	WhenOverdue        bool `json:"notifyReviewerWhenOverdue"`
}

type remediation struct {
	AccessApproved string `json:"accessApproved"`
	AccessRevoked  string `json:"accessRevoked"`
	NoResponse     string `json:"noResponse"`
}

// noAction leaves every access as it is, whatever the answer: what reviewers
// decide comes back as data, and is carried out by a plan of its own.
const noAction = "NO_ACTION"

// campaign writes the body for a batch.
func (s *Sink) campaign(in export.Input, b export.Batch, start time.Time) campaign {
	targets := make([]target, 0, len(b.Resources))
	for _, r := range b.Resources {
		targets = append(targets, target{ResourceID: r, ResourceType: b.Type})
	}
	return campaign{
		Name:         s.config.Text.Title(in, b),
		Description:  s.config.Text.Summary(in, b, maxDescription),
		CampaignType: "RESOURCE",
		Schedule: schedule{
			Type: "ONE_OFF", StartDate: start.Format("2006-01-02T15:04:05.000Z"),
			DurationInDays: s.config.DurationDays, TimeZone: "UTC",
		},
		Resources:    resources{TargetTypes: []string{b.Type}, TargetResources: targets},
		Principals:   principals{Type: "USERS", UserIDs: b.Users},
		Reviewer:     s.reviewer(b),
		Notification: notification{WhenReviewAssigned: true, WhenOverdue: true},
		Remediation:  remediation{AccessApproved: noAction, AccessRevoked: noAction, NoResponse: noAction},
	}
}

// reviewer says who decides. Nobody reviews their own access: not as the owner
// or manager, whose lines then go to the fall-back, and not as the fall-back,
// for whose own access the batch is set apart. Keeping what was flagged needs a
// word of why.
func (s *Sink) reviewer(b export.Batch) reviewerSettings {
	r := reviewerSettings{SelfReviewDisabled: true, JustificationRequired: true}
	c := s.config.Reviewer
	last := c.last()
	if b.Apart == export.Alternate {
		last = c.Alternate
	}
	switch c.By {
	case Manager:
		r.Type, r.ScopeExpression, r.FallbackReviewerID = "REVIEWER_EXPRESSION", c.Expression, last
	case Owner:
		r.Type, r.FallbackReviewerID = "RESOURCE_OWNER", last
	case User:
		r.Type, r.ReviewerID = "USER", last
	}
	return r
}

// last is who decides where nobody else does.
func (r Reviewer) last() string {
	if r.By == User {
		return r.User
	}
	return r.Fallback
}

// seat says on whose list of lines the flag will be, and sets it apart where
// that would be the person concerned.
func (r Reviewer) seat(in export.Input, f *export.Flag) string {
	switch r.By {
	case Manager:
		f.Reviewer = f.Recommendation.Manager
	case Owner:
		f.Reviewer = f.Recommendation.Owner
	}
	return in.Seat(f, r.last(), r.Alternate)
}
