// Package export turns recommendations into plans: requests that a person reads
// and approves before anything is sent. A Sink only writes them down; it has no
// connection, no clock and no state, so that the same recommendations give the
// same plan, byte for byte.
package export

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"winnow/internal/access"
)

// A Sink writes the requests that hand recommendations to one system.
type Sink interface {
	// Name is the sink's key in the configuration, for instance
	// "okta_campaign". It stands at each operation in the plan.
	Name() string

	// Plan writes the requests for the recommendations that concern the sink.
	// It must not change its input, and must account in the proposal for every
	// revoke and change_rule of its source that it does not act on.
	Plan(in Input) (Proposal, error)
}

// An Input is all that a sink may know.
type Input struct {
	AsOf            time.Time // the instant for which the verdicts hold, UTC
	Recommendations []access.Recommendation
	Directory       Directory
	LeftOut         map[string]bool // ids of recommendations for which their reviewer has no line left
	Asked           map[string]bool // ids of recommendations on which a reviewer is being asked already
	Decided         map[string]bool // ids of recommendations on which a reviewer has decided lately, on the same evidence
	Ordered         map[string]bool // marks of the reviews that are scheduled or open, see Batch.Mark

	// IncludeIrreversible lets a sink write what cannot be undone. Without it a
	// recommendation that takes such an edit among others is left out whole.
	IncludeIrreversible bool
}

// A Directory holds facts that recommendations do not carry, by the id of the
// account or entitlement. Where it has none, the id itself tells the native id.
type Directory struct {
	Accounts     map[string]Account
	Entitlements map[string]Entitlement
}

// An Account is what a sink must know of a login.
type Account struct {
	Kind     string // user, guest, service or shared; empty when unknown
	Identity string // the person or machine to whom it belongs; empty when unknown
	Login    string
	Status   string // staged, active, suspended or deprovisioned; empty when unknown
}

// An Entitlement is what a sink must know of an access.
type Entitlement struct {
	Mastering string // local, dynamic, synced, imported or builtin; empty when unknown
}

// A Proposal is what a sink has to say on its input.
type Proposal struct {
	Operations []access.Operation
	Notes      []access.PlanNote
	Omitted    []access.Omission
}

// A Header says for what a plan is made.
type Header struct {
	RunID      string
	AsOf       time.Time // the instant for which the verdicts hold
	DataDigest string    // digest of the published data

	// IncludeIrreversible lets operations without an inverse into the plan.
	IncludeIrreversible bool

	// Scope and Phase say to whom the plan is confined, in words, and how far the
	// rollout has come; People counts the organisation.
	Scope, Phase string
	People       int

	// Asked are the ids of recommendations on which a reviewer is being asked
	// already, Decided those on which one has decided lately, on the same evidence,
	// and Ordered the marks of the reviews that are scheduled or open.
	Asked, Decided, Ordered []string

	// LeftOut are the ids of recommendations for which their reviewer has no
	// line left, because others take away more risk. They become omissions.
	LeftOut []string
}

// Build makes the sealed plan of all sinks. Recommendations are taken in the
// order of access.SortRecommendations, sinks by name. It fails on a
// recommendation that does not check, and on an operation that does not seal.
func Build(h Header, recs []access.Recommendation, dir Directory, sinks ...Sink) (access.Plan, error) {
	in := Input{AsOf: h.AsOf.UTC(), Recommendations: slices.Clone(recs), Directory: dir, LeftOut: set(h.LeftOut), Asked: set(h.Asked), Decided: set(h.Decided), Ordered: set(h.Ordered), IncludeIrreversible: h.IncludeIrreversible}
	access.SortRecommendations(in.Recommendations)
	for i := range in.Recommendations {
		if err := in.Recommendations[i].Check(); err != nil {
			return access.Plan{}, fmt.Errorf("build the plan: %w", err)
		}
	}
	plan := access.Plan{RunID: h.RunID, AsOf: in.AsOf, DataDigest: h.DataDigest, Scope: h.Scope, Phase: h.Phase, People: h.People}
	sinks = slices.SortedFunc(slices.Values(sinks), func(a, b Sink) int { return compare(a.Name(), b.Name()) })
	for i, s := range sinks {
		if i > 0 && sinks[i-1].Name() == s.Name() {
			return access.Plan{}, errors.New("build the plan: sink " + s.Name() + " is there twice")
		}
		p, err := s.Plan(in)
		if err != nil {
			return access.Plan{}, fmt.Errorf("build the plan of %s: %w", s.Name(), err)
		}
		merge(&plan, s.Name(), p, h.IncludeIrreversible)
	}
	if err := plan.Seal(); err != nil {
		return access.Plan{}, fmt.Errorf("build the plan: %w", err)
	}
	return plan, nil
}

// set is the list as a set.
func set(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out
}

// merge adds a proposal to the plan. An operation that cannot be undone becomes
// an omission unless it was asked for.
func merge(plan *access.Plan, sink string, p Proposal, irreversible bool) {
	out := newOmissions(sink)
	for _, o := range p.Operations {
		if !o.Reversible && !irreversible {
			out.add("the change cannot be undone; ask for it by name", o.RecommendationIDs...)
			continue
		}
		o.Sink = sink
		plan.Operations = append(plan.Operations, o)
	}
	for _, n := range p.Notes {
		n.Sink = sink
		plan.Notes = append(plan.Notes, n)
	}
	for _, o := range append(p.Omitted, out.list()...) {
		o.Sink = sink
		plan.Omitted = append(plan.Omitted, o)
	}
}

// IsURL tells whether a base URL of the configuration names a scheme and a host.
func IsURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.Scheme != ""
}
