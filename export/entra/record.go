package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"winnow/export"
	"winnow/internal/access"
)

// RecordName is the sink of recorded decisions.
const RecordName = "entra_record"

// A Line is one open question of an access review on which a rule of the
// configuration decides in a person's place.
type Line struct {
	Definition, Instance string // of the review
	Principal, Resource  string // whose access to what: both are needed
	RecommendationID     string
	Rule                 string // its name
}

// A Record writes decisions into open reviews by batchRecordDecisions. It acts
// as a reviewer, which is why it is made only behind a switch of its own, and
// never without both ids: with one of them the request would decide on everybody,
// or on everything.
type Record struct {
	Source   access.SourceName
	TenantID string
	Lines    []Line
}

// Name returns the sink's name.
func (r Record) Name() string { return RecordName }

// decision is the body of batchRecordDecisions.
type decision struct {
	Decision      string `json:"decision"`
	Justification string `json:"justification"`
	PrincipalID   string `json:"principalId"`
	ResourceID    string `json:"resourceId"`
}

// Plan writes one request a line, to deny. What it denies is not carried out by
// it: reviews of ours apply nothing by themselves.
func (r Record) Plan(export.Input) (export.Proposal, error) {
	var p export.Proposal
	if r.TenantID == "" {
		return p, errors.New("the tenant's id is missing")
	}
	for _, l := range r.Lines {
		o, err := r.operation(l)
		if err != nil {
			return export.Proposal{}, fmt.Errorf("record a decision on recommendation %s: %w", l.RecommendationID, err)
		}
		p.Operations = append(p.Operations, o)
	}
	return p, nil
}

func (r Record) operation(l Line) (access.Operation, error) {
	for name, id := range map[string]string{"review": l.Definition, "instance": l.Instance, "principal": l.Principal, "resource": l.Resource} {
		if !guid.MatchString(id) {
			return access.Operation{}, fmt.Errorf("the id of its %s is not of the form that Entra gives", name)
		}
	}
	path := definitionsPath + "/" + l.Definition + "/instances/" + l.Instance
	body := func(word, why string) (access.Request, error) {
		b, err := json.Marshal(decision{Decision: word, Justification: why, PrincipalID: l.Principal, ResourceID: l.Resource})
		return access.Request{Method: http.MethodPost, Path: path + "/microsoft.graph.batchRecordDecisions", Body: b}, err
	}
	deny, errDeny := body("Deny", "Approved by the rule "+export.Quoted(l.Rule)+" of winnow's configuration; recommendation "+l.RecommendationID)
	back, errBack := body("NotReviewed", "Taken back; recommendation "+l.RecommendationID)
	stands := func(word, text string) []access.Condition {
		return []access.Condition{{Text: text, Path: path + "/decisions?$top=100", List: "value", Want: access.Present,
			Where: []access.Field{{Key: "principal.id", Value: l.Principal}, {Key: "resource.id", Value: l.Resource}, {Key: "decision", Value: word}}}}
	}
	return access.Operation{
		Kind: access.OperationReview, Source: r.Source, Tenant: r.TenantID, Request: deny,
		Note:              "deny one line of an open access review by the rule " + export.Quoted(l.Rule),
		RecommendationIDs: []string{l.RecommendationID},
		Preconditions:     stands("NotReviewed", "nobody has decided on the line"),
		Verify:            stands("Deny", "the line is denied"),
		Reversible:        true, Inverse: []access.Request{back},
	}, errors.Join(errDeny, errBack)
}
