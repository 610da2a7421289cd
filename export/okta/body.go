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
		Reviewer:     s.reviewer(),
		Notification: notification{WhenReviewAssigned: true, WhenOverdue: true},
		Remediation:  remediation{AccessApproved: noAction, AccessRevoked: noAction, NoResponse: noAction},
	}
}

// reviewer says who decides. Nobody reviews their own access, and keeping what
// was flagged needs a word of why.
func (s *Sink) reviewer() reviewerSettings {
	r := reviewerSettings{SelfReviewDisabled: true, JustificationRequired: true}
	switch c := s.config.Reviewer; c.By {
	case Manager:
		r.Type, r.ScopeExpression, r.FallbackReviewerID = "REVIEWER_EXPRESSION", c.Expression, c.Fallback
	case Owner:
		r.Type, r.FallbackReviewerID = "RESOURCE_OWNER", c.Fallback
	case User:
		r.Type, r.ReviewerID = "USER", c.User
	}
	return r
}
