package access

import (
	"encoding/json"
	"time"
)

// An OperationKind says what an operation is for.
type OperationKind string

// The kinds of operations.
const (
	OperationReview OperationKind = "review" // asks people; no access changes by it
	OperationRemove OperationKind = "remove" // takes an access away
	OperationGrant  OperationKind = "grant"  // gives an access
)

// OperationKinds lists every kind.
var OperationKinds = []OperationKind{OperationReview, OperationRemove, OperationGrant}

// Changes reports whether operations of the kind change somebody's access.
func (k OperationKind) Changes() bool { return k != OperationReview }

// An Operation is one request, with what undoes it.
//
// An operation that changes access (Kind.Changes) needs a Subject,
// Preconditions and Verify: before it is sent all Preconditions must hold, after
// it Verify must. The first of Verify is the effect of the request itself, which
// never holds together with the Preconditions: where neither a receipt nor the
// platform's answer says what became of the request, it tells. The others may
// hold only later, or with other operations.
type Operation struct {
	ID     string        `json:"id"`             // hash of tenant, method, path and body; see OperationID
	Kind   OperationKind `json:"kind"`           // what it is for
	Wave   int           `json:"wave,omitempty"` // 1 is the canary; operations go out in the order of their waves, then of the plan; 0 counts as 1
	Sink   string        `json:"sink"`           // the sink that made it, for instance "okta_campaign"
	Source SourceName    `json:"source"`         // the source in whose tenant it acts
	Tenant string        `json:"tenant"`         // Okta: the org's URL; Entra: the tenant's id; SCIM: the base URL. Apply refuses a source that is configured for another
	Request

	Note              string   `json:"note"` // what it does, one sentence for the approver
	RecommendationIDs []string `json:"recommendation_ids"`

	Subject       *Subject     `json:"subject,omitempty"`       // whose access changes; nil for a review
	Privileged    bool         `json:"privileged,omitempty"`    // needs a second, different approver
	After         []string     `json:"after,omitempty"`         // ids of operations of this plan that must be done before; its preconditions may hold only then
	Preconditions []Condition  `json:"preconditions,omitempty"` // the state that was seen
	Collateral    []Collateral `json:"collateral,omitempty"`    // what else the request takes away
	Verify        []Condition  `json:"verify,omitempty"`        // the state afterwards; the first is the effect of the request itself

	// Reversible operations can be undone by Inverse. The others need a second
	// approver and are left out of plans unless asked for.
	Reversible bool      `json:"reversible"`
	Inverse    []Request `json:"inverse,omitempty"` // tried in order until one is accepted; see Request.Fill

	// Lost is what Inverse does not bring back, for instance the attributes of
	// an app's profile, and of an irreversible operation why; one sentence, empty
	// for nothing.
	Lost string `json:"lost,omitempty"`

	// Probe finds out whether the operation was already carried out, for an
	// apply that was killed between the request and its receipt: by a marker in
	// the object that it makes. Where there is none, Verify tells.
	Probe *Probe `json:"probe,omitempty"`

	// NotBefore is the instant from which the request may be sent, for instance
	// the day after a contract's last. Nil for at once.
	NotBefore *time.Time `json:"not_before,omitempty"`

	// SendBefore is the instant after which the request no longer makes sense,
	// for instance the start of the review that it orders. Nil for no limit.
	SendBefore *time.Time `json:"send_before,omitempty"`

	// Seal is a hash of all the rest of the operation. It tells which operation
	// of a plan was changed by hand; that none was is told by the plan's ID.
	Seal string `json:"seal"`
}

// A Subject is whose access an operation changes, in our ids.
type Subject struct {
	IdentityID    string `json:"identity_id"`
	AccountID     string `json:"account_id"`
	EntitlementID string `json:"entitlement_id"`
	ManagerID     string `json:"manager_id,omitempty"` // identity of the manager; empty when unknown
	Department    string `json:"department,omitempty"`
}

// A Collateral is an access that an operation takes away, or gives, beside the
// one for which it is meant.
type Collateral struct {
	IdentityID    string `json:"identity_id,omitempty"`
	AccountID     string `json:"account_id"`
	EntitlementID string `json:"entitlement_id"`
	Text          string `json:"text"` // one sentence for the approver
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
