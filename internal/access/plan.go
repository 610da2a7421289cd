package access

import (
	"time"
)

// PlanFormat is the version of the plan file that this code writes and reads.
const PlanFormat = 2

// A Plan is every request that is to change something outside, written down so
// that a person can read and approve it before anything is sent. Its ID is a
// hash of all the rest: whoever approves the ID approves these bytes.
type Plan struct {
	Format     int       `json:"format"`
	ID         string    `json:"id"` // sha256 of the rest, in hexadecimal
	RunID      string    `json:"run_id"`
	AsOf       time.Time `json:"as_of"`       // the instant for which the verdicts hold, UTC
	DataDigest string    `json:"data_digest"` // digest of the published data from which the plan was made

	Expires *time.Time   `json:"expires,omitempty"` // the instant after which nothing of it is sent any more; nil where every operation has its own
	Scope   string       `json:"scope,omitempty"`   // to whom the plan was confined, for instance "department = Sales"; empty for everybody
	Phase   string       `json:"phase,omitempty"`   // the phase of the rollout in which it was made; empty for none
	Tenants []PlanTenant `json:"tenants"`           // where it acts; Seal gathers them
	People  int          `json:"people,omitempty"`  // people in the organisation, of which Caps.Share is a share
	Caps    Caps         `json:"caps"`              // the limits under which it was made; apply takes the stricter of these and its own

	Operations []Operation `json:"operations"`
	Notes      []PlanNote  `json:"notes"`   // what a person has to do, because no request does it well
	Omitted    []Omission  `json:"omitted"` // what was recommended and is not in the plan, and why
}

// A PlanTenant is a tenant in which a plan acts, and through which source.
type PlanTenant struct {
	Source SourceName `json:"source"`
	Tenant string     `json:"tenant"`
}

// Caps limit how much access may change at once. Zero is no limit. Each access
// that an operation changes counts, and each that it takes away beside it.
type Caps struct {
	Person  int     `json:"person,omitempty"`  // accesses of one person
	App     int     `json:"app,omitempty"`     // accesses to one app or group
	Manager int     `json:"manager,omitempty"` // accesses of the people of one manager
	Day     int     `json:"day,omitempty"`     // accesses on one UTC day, all plans together
	Share   float64 `json:"share,omitempty"`   // people concerned, as a share of Plan.People, 0 to 1
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
