package access

import (
	"encoding/json"
	"time"
)

// PlanFormat is the version of the plan file that this code writes and reads.
const PlanFormat = 1

// A Plan is every request that is to change something outside, written down so
// that a person can read and approve it before anything is sent. Its ID is a
// hash of all the rest: whoever approves the ID approves these bytes.
type Plan struct {
	Format     int         `json:"format"`
	ID         string      `json:"id"` // sha256 of the rest, in hexadecimal
	RunID      string      `json:"run_id"`
	AsOf       time.Time   `json:"as_of"`       // the instant for which the verdicts hold, UTC
	DataDigest string      `json:"data_digest"` // digest of the published data from which the plan was made
	Operations []Operation `json:"operations"`
	Notes      []PlanNote  `json:"notes"`   // what a person has to do, because no request does it well
	Omitted    []Omission  `json:"omitted"` // what was recommended and is not in the plan, and why
}

// An Operation is one request, with what undoes it.
type Operation struct {
	ID     string     `json:"id"`     // hash of tenant, method, path and body
	Sink   string     `json:"sink"`   // the sink that made it, for instance "okta_campaign"
	Source SourceName `json:"source"` // the source in whose tenant it acts
	Tenant string     `json:"tenant"` // Okta: the org's URL; Entra: the tenant's id. Apply refuses a source that is configured for another
	Request

	Note              string   `json:"note"` // what it does, one sentence for the approver
	RecommendationIDs []string `json:"recommendation_ids"`

	// Reversible operations can be undone by Inverse. The others need a second
	// approver and are left out of plans unless asked for.
	Reversible bool      `json:"reversible"`
	Inverse    []Request `json:"inverse,omitempty"` // tried in order until one is accepted; see Request.Fill

	// Probe finds out whether the operation was already carried out, for an
	// apply that was killed between the request and its receipt.
	Probe *Probe `json:"probe,omitempty"`

	// SendBefore is the instant after which the request no longer makes sense,
	// for instance the start of the review that it orders. Nil for no limit.
	SendBefore *time.Time `json:"send_before,omitempty"`
}

// A Request is one HTTP request, below the base URL for which the source is
// configured.
type Request struct {
	Method string          `json:"method"`
	Path   string          `json:"path"` // with its query; begins with a slash
	Body   json.RawMessage `json:"body,omitempty"`
}

// A Probe is a GET whose answer tells whether an operation was carried out: one
// of the objects of its list, on any of its pages, has the value in the field.
// That object then counts as the operation's answer.
type Probe struct {
	Path  string `json:"path"`
	List  string `json:"list"`  // key of the list in the answer, for instance "data"
	Field string `json:"field"` // key in each object of the list
	Value string `json:"value"`
}

// A PlanNote is something for a person to do, for instance the change of a rule.
type PlanNote struct {
	Sink              string   `json:"sink"`
	Text              string   `json:"text"`
	RecommendationIDs []string `json:"recommendation_ids"`
}

// An Omission says why recommendations are not in the plan. Where they are out
// of a sink's scope altogether, only their number is given.
type Omission struct {
	Sink              string   `json:"sink"`
	Reason            string   `json:"reason"`
	Count             int      `json:"count"`
	RecommendationIDs []string `json:"recommendation_ids,omitempty"`
}

// Recommendations returns the number of recommendations that the operations act
// on.
func (p *Plan) Recommendations() int {
	seen := map[string]bool{}
	for _, o := range p.Operations {
		for _, id := range o.RecommendationIDs {
			seen[id] = true
		}
	}
	return len(seen)
}
