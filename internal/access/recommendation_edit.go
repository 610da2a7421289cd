package access

import "fmt"

// A RemovalVerdict says how an access can be ended, as the planner found by all
// the paths by which it is held (marts.removability).
type RemovalVerdict string

// The planner's verdicts.
const (
	RemovalEdit      RemovalVerdict = "remove"      // the edits end it, and nothing that is used goes with it
	RemovalEntangled RemovalVerdict = "entangled"   // the edits end it, and take something away that is used
	RemovalRule      RemovalVerdict = "change_rule" // a rule gives it, and would give it again
	RemovalOwner     RemovalVerdict = "ask_owner"   // another directory, an app or the mail system decides
	RemovalByHand    RemovalVerdict = "by_hand"     // no request is known that ends it
	RemovalFixed     RemovalVerdict = "fixed"       // nobody can be taken out of it
	RemovalUnknown   RemovalVerdict = "unknown"     // what gives it is not known
	RemovalGive      RemovalVerdict = "give"        // it is not held, and advised to be given
)

// An EditKind says what kind of change one edit is.
type EditKind string

// The kinds of edits. Those of a grant are the inverses.
const (
	RemoveMember      EditKind = "remove_member"      // out of a group
	RemoveAppUser     EditKind = "remove_app_user"    // an Okta app that was assigned to the user; destroys its profile
	RemoveAppRole     EditKind = "remove_app_role"    // an app role of Entra ID, by the assignment's id
	RemoveRole        EditKind = "remove_role"        // a directory role of Entra ID, a role of Auth0
	RemoveEligibility EditKind = "remove_eligibility" // the right to activate a directory role of Entra ID
	RemoveAdminRole   EditKind = "remove_admin_role"  // an administrator role of Okta, by the assignment's id
	RemoveValue       EditKind = "remove_value"       // an entitlement or role that a SCIM user carries
	RemovePackage     EditKind = "remove_package"     // an assignment of an access package, with all that it holds

	AddMember  EditKind = "add_member"
	AddAppUser EditKind = "add_app_user"
	AddAppRole EditKind = "add_app_role"
	AddRole    EditKind = "add_role"
	AddValue   EditKind = "add_value"

	AskRule    EditKind = "change_rule" // for people: no edit of ours does it
	AskOwner   EditKind = "ask_owner"
	AskByHand  EditKind = "by_hand"
	AskFixed   EditKind = "fixed"
	AskUnknown EditKind = "unknown"
)

// An Edit is one of the changes that together carry a verdict out, or where
// there is none that does it well, whom to ask.
type Edit struct {
	Kind       EditKind `json:"kind"`
	AccountID  string   `json:"account_id"`
	TargetID   string   `json:"target_id"` // entitlement from which the account is taken, or which it is given
	TargetName string   `json:"target_name"`
	TargetKind string   `json:"target_kind"`
	ViaID      string   `json:"via_id"` // the rule or package, where one gives it
	ViaName    string   `json:"via_name"`
	NativeRef  string   `json:"native_ref"` // the platform's id of the assignment, where it has one
	Scope      string   `json:"scope"`      // part of the directory over which a role is given
	Eligible   bool     `json:"eligible"`
	Mastering  string   `json:"mastering"`   // who decides on membership, see Entitlement of package export
	PassedOver []string `json:"passed_over"` // active rules that fill the group and pass over the account
	Privileged bool     `json:"privileged"`
	Reversible bool     `json:"reversible"` // the former assignment can be given back
	Owner      string   `json:"owner"`      // of the rule, else of the target
	Expression string   `json:"expression"` // the rule's text today
	Proposal   string   `json:"proposal"`   // narrow, exclude or retire
	Proposed   string   `json:"proposed"`   // the rule's new text, for its owner to judge
}

// An Effect is an access that goes with another one.
type Effect struct {
	Step          int    `json:"step"` // the edit with which it goes, from 1
	AccountID     string `json:"account_id"`
	EntitlementID string `json:"entitlement_id"`
	Name          string `json:"name"`
	Kind          string `json:"kind"`
	Follows       bool   `json:"follows"`     // the access that is taken away gives it
	WithOthers    bool   `json:"with_others"` // it goes only when other removals that are advised are made too
	Use           string `json:"use"`         // used, idle, or unseen where no log shows any
	Advised       bool   `json:"advised"`     // it is itself advised to be taken away
}

// A Removal is what the planner found: the smallest change that truly ends an
// access, and what else goes with it. For a grant it is what gives it.
type Removal struct {
	Verdict     RemovalVerdict `json:"verdict"`
	Edits       []Edit         `json:"edits"`        // in the order in which they must be made
	Effects     []Effect       `json:"effects"`      // at most 200
	EffectCount int            `json:"effect_count"` // all of them
}

// Removal returns what the planner found. It is empty for an abstention, and
// where a recommendation comes from a file without a planner's verdict.
func (r *Recommendation) Removal() (Removal, error) {
	rm, err := r.removability()
	if err != nil {
		return Removal{}, fmt.Errorf("read the edits of recommendation %s: %w", r.RecommendationID, err)
	}
	return rm.Removal, nil
}
