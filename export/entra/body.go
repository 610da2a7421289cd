package entra

import (
	"strings"
	"time"

	"winnow/internal/access"

	"winnow/export"
)

// definition is the body of POST /identityGovernance/accessReviews/definitions.
// Every object names its type, since Graph takes an object without one for its
// abstract base.
type definition struct {
	Type                    string     `json:"@odata.type"`
	DisplayName             string     `json:"displayName"`
	DescriptionForAdmins    string     `json:"descriptionForAdmins"`
	DescriptionForReviewers string     `json:"descriptionForReviewers"`
	Scope                   scope      `json:"scope"`
	Reviewers               []reviewer `json:"reviewers"`
	FallbackReviewers       []reviewer `json:"fallbackReviewers"`
	Settings                settings   `json:"settings"`
}

type scope struct {
	Type            string  `json:"@odata.type"`
	PrincipalScopes []query `json:"principalScopes"`
	ResourceScopes  []query `json:"resourceScopes"`
}

type query struct {
	Type      string `json:"@odata.type"`
	Query     string `json:"query"`
	QueryType string `json:"queryType"`
}

type reviewer struct {
	Type      string `json:"@odata.type"`
	Query     string `json:"query"`
	QueryType string `json:"queryType"`
	QueryRoot string `json:"queryRoot,omitempty"`
}

type settings struct {
	Type                            string     `json:"@odata.type"`
	MailNotificationsEnabled        bool       `json:"mailNotificationsEnabled"`
	ReminderNotificationsEnabled    bool       `json:"reminderNotificationsEnabled"`
	JustificationRequiredOnApproval bool       `json:"justificationRequiredOnApproval"`
	DefaultDecisionEnabled          bool       `json:"defaultDecisionEnabled"`
	DefaultDecision                 string     `json:"defaultDecision"`
	InstanceDurationInDays          int        `json:"instanceDurationInDays"`
	AutoApplyDecisionsEnabled       bool       `json:"autoApplyDecisionsEnabled"`
	RecommendationsEnabled          bool       `json:"recommendationsEnabled"`
	Recurrence                      recurrence `json:"recurrence"`
}

// recurrence has no pattern: the review takes place once.
type recurrence struct {
	Type  string    `json:"@odata.type"`
	Range dateRange `json:"range"`
}

type dateRange struct {
	ODataType string     `json:"@odata.type"`
	Type      string     `json:"type"`
	StartDate access.Day `json:"startDate"`
	EndDate   access.Day `json:"endDate"`
}

// queries name the resource of a review, by the kind of access.
var queries = map[string]string{
	"group":          "/groups/{id}/transitiveMembers/microsoft.graph.user",
	"app":            "/servicePrincipals/{id}",
	"app_role":       "/servicePrincipals/{id}",
	"directory_role": "/roleManagement/directory/roleDefinitions/{id}",
}

// owners name the owners of a resource. A directory role has none.
var owners = map[string]string{
	"group":    "/groups/{id}/owners",
	"app":      "/servicePrincipals/{id}/owners",
	"app_role": "/servicePrincipals/{id}/owners",
}

const graph = "#microsoft.graph."

func graphQuery(q string) query {
	return query{Type: graph + "accessReviewQueryScope", Query: q, QueryType: "MicrosoftGraph"}
}

func graphReviewer(q string) reviewer {
	return reviewer{Type: graph + "accessReviewReviewerScope", Query: q, QueryType: "MicrosoftGraph"}
}

// objectID is the id of the object under review: an app role belongs to its
// service principal.
func objectID(b export.Batch) string {
	id, _, _ := strings.Cut(b.Resources[0], "/")
	return id
}

// definition writes the body for a batch, which has one resource. Nobody who
// stays silent loses anything: decisions are not applied by themselves, there is
// no default decision, and Entra's own recommendations are off, for they would
// contradict the evidence.
func (s *Sink) definition(in export.Input, b export.Batch, start time.Time) definition {
	users := make([]query, 0, len(b.Users))
	for _, u := range b.Users {
		users = append(users, graphQuery("/users/"+u))
	}
	resource := strings.ReplaceAll(queries[b.Type], "{id}", objectID(b))
	return definition{
		Type:                    graph + "accessReviewScheduleDefinition",
		DisplayName:             s.config.Text.Title(in, b),
		DescriptionForAdmins:    s.summary(in, b, maxAdmins),
		DescriptionForReviewers: s.summary(in, b, maxMail),
		Scope: scope{
			Type:            graph + "principalResourceMembershipsScope",
			PrincipalScopes: users, ResourceScopes: []query{graphQuery(resource)},
		},
		Reviewers:         []reviewer{s.config.Reviewer.of(b)},
		FallbackReviewers: s.config.Reviewer.fallback(b),
		Settings: settings{
			Type:                     graph + "accessReviewScheduleSettings",
			MailNotificationsEnabled: true, ReminderNotificationsEnabled: true,
			JustificationRequiredOnApproval: true,
			DefaultDecision:                 "None",
			InstanceDurationInDays:          s.config.DurationDays,
			Recurrence: recurrence{
				Type: graph + "patternedRecurrence",
				Range: dateRange{
					ODataType: graph + "recurrenceRange", Type: "endDate",
					StartDate: access.DayOf(start), EndDate: s.config.until(start),
				},
			},
		},
	}
}

// summary words the reasons. A review on an app role shows all roles of the app
// that a user has, because Graph has no scope for a single one; the text then
// says which is meant.
func (s *Sink) summary(in export.Input, b export.Batch, limit int) string {
	text := s.config.Text.Summary(in, b, limit)
	if b.Type == "app_role" {
		text = access.Truncate("Flagged is the app role "+b.Names()+" only. "+text, limit)
	}
	return text
}
