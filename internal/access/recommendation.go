package access

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Action is the verdict on one identity and entitlement.
type Action string

// The verdicts. Abstaining is one of them: it says that the data does not carry
// a recommendation, and why.
const (
	Revoke     Action = "revoke"
	ChangeRule Action = "change_rule" // an edit of the assignment would be futile or harmful; its rule is at fault
	Grant      Action = "grant"
	Abstain    Action = "abstain"
)

// Actions lists the verdicts in the order in which people read them.
var Actions = []Action{Revoke, ChangeRule, Grant, Abstain}

// A Confidence is how far a verdict may be trusted.
type Confidence string

// The levels of confidence.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Confidences lists the levels from the firmest down.
var Confidences = []Confidence{High, Medium, Low}

// A Recommendation is one row of marts.recommendation: a verdict and its
// evidence, and, once it is drafted, the prose. The JSON names are the column
// names.
type Recommendation struct {
	RecommendationID string          `json:"recommendation_id"` // hash of identity, entitlement and action: stable from night to night
	RunID            string          `json:"run_id"`
	AsOf             time.Time       `json:"as_of"` // UTC
	Action           Action          `json:"action"`
	IdentityID       string          `json:"identity_id"`
	IdentityName     string          `json:"identity_name"` // as served; strangers can write it
	AccountID        string          `json:"account_id"`    // source, a colon, native id; empty where a grant has no account yet
	Source           SourceName      `json:"source"`
	EntitlementID    string          `json:"entitlement_id"`   // source, a colon, native id
	EntitlementName  string          `json:"entitlement_name"` // as served; strangers can write it
	EntitlementKind  string          `json:"entitlement_kind"` // group, app, app_role, directory_role, licence or access_package
	Score            float64         `json:"score"`            // 0 to 1
	Confidence       Confidence      `json:"confidence"`
	ReasonCodes      []ClaimCode     `json:"reason_codes"`
	Claims           []Claim         `json:"claims"` // most telling first
	Rationale        string          `json:"rationale"`
	DraftedBy        string          `json:"drafted_by"`
	Guard            string          `json:"guard"`
	Removability     json.RawMessage `json:"removability"` // see Paths and WayBack
	Risk             string          `json:"risk"`
	Reviewer         string          `json:"reviewer"`
	Manager          string          `json:"manager"`
	Owner            string          `json:"owner"`
	EvidenceQuery    string          `json:"evidence_query"`
	EvidenceHash     string          `json:"evidence_hash"`
	ExportFrom       Day             `json:"export_from,omitempty"` // first day on which it may be exported: a verdict has to last for a while
}

// UnmarshalJSON reads a row as DuckDB's to_json writes it. Times may be RFC 3339
// or DuckDB's own form, which is UTC; claims and removability may be JSON or a
// text that holds JSON; nulls are empty; columns that are not known are passed
// over.
func (r *Recommendation) UnmarshalJSON(data []byte) error {
	type plain Recommendation
	row := struct {
		*plain
		AsOf         string          `json:"as_of"`
		Claims       json.RawMessage `json:"claims"`
		Removability json.RawMessage `json:"removability"`
	}{plain: (*plain)(r)}
	if err := json.Unmarshal(data, &row); err != nil {
		return fmt.Errorf("read a recommendation: %w", err)
	}
	var err error
	if r.AsOf, err = parseInstant(row.AsOf); err != nil {
		return fmt.Errorf("read as_of of recommendation %s: %w", r.RecommendationID, err)
	}
	if r.Claims, err = ParseClaims(unwrapJSON(row.Claims)); err != nil {
		return fmt.Errorf("read recommendation %s: %w", r.RecommendationID, err)
	}
	r.Removability = unwrapJSON(row.Removability)
	return nil
}

// unwrapJSON takes JSON out of a text that holds it. Null becomes nothing.
func unwrapJSON(raw json.RawMessage) json.RawMessage {
	var text string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		raw = json.RawMessage(text)
	}
	if string(raw) == "null" || len(raw) == 0 {
		return nil
	}
	return raw
}

// parseInstant reads a time without a zone as UTC. The empty text is the zero
// time.
func parseInstant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	s = strings.Replace(s, " ", "T", 1)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not a time", quoteShort(s))
}

// Check returns an error for a row that could be misread further on: without
// an id, or with a verdict or a confidence that this version does not know.
func (r *Recommendation) Check() error {
	switch {
	case r.RecommendationID == "":
		return fmt.Errorf("check a recommendation on %s: it has no id", quoteShort(r.EntitlementID))
	case !slices.Contains(Actions, r.Action):
		return fmt.Errorf("check recommendation %s: action %s is unknown", r.RecommendationID, quoteShort(string(r.Action)))
	case !slices.Contains(Confidences, r.Confidence):
		return fmt.Errorf("check recommendation %s: confidence %s is unknown", r.RecommendationID, quoteShort(string(r.Confidence)))
	case !(r.Score >= 0 && r.Score <= 1):
		return fmt.Errorf("check recommendation %s: score %v is outside 0 to 1", r.RecommendationID, r.Score)
	}
	return nil
}

// Claim returns the first claim of that code.
func (r *Recommendation) Claim(code ClaimCode) (Claim, bool) {
	for _, c := range r.Claims {
		if c.Code == code {
			return c, true
		}
	}
	return Claim{}, false
}

// SortRecommendations puts the rows into the order in which people read them:
// by verdict, the firmest first, then by score downwards. The id decides the
// rest, so that the order is the same every night.
func SortRecommendations(recs []Recommendation) {
	slices.SortFunc(recs, func(a, b Recommendation) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Actions, a.Action), slices.Index(Actions, b.Action)),
			cmp.Compare(slices.Index(Confidences, a.Confidence), slices.Index(Confidences, b.Confidence)),
			cmp.Compare(b.Score, a.Score),
			strings.Compare(a.RecommendationID, b.RecommendationID),
		)
	})
}
