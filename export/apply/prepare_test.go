package apply_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"winnow/export/apply"
	"winnow/internal/access"
)

// TestPrepare draws plans and caps: what is left of a plan fits its caps, keeps
// what belongs together, and says what was left out.
func TestPrepare(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 5))
	for n := range 200 {
		p := manyChanges(rng)
		p.Caps = access.Caps{Person: 1 + rng.IntN(4), App: 1 + rng.IntN(6), Manager: 1 + rng.IntN(8), Day: 1 + rng.IntN(30), Share: 0.1 + 0.9*rng.Float64()}
		p.People = 20
		if err := p.Seal(); err != nil {
			t.Fatal(err)
		}
		all := map[string]bool{}
		for _, o := range p.Operations {
			all[o.RecommendationIDs[0]] = true
		}
		canary := rng.IntN(4)
		apply.Prepare(p, canary)
		if err := p.Seal(); err != nil {
			t.Fatalf("plan %d: %v", n, err)
		}
		data, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		f, err := apply.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		tenants := map[access.SourceName]string{"okta": "https://acme.example"}
		for _, r := range f.Check(approve(p, noon, "ada", "bo"), nil, apply.Rules{Approvers: approvers()}, tenants, nil, noon) {
			t.Errorf("plan %d: %s", n, r)
		}
		kept, first := map[string]bool{}, map[string]bool{}
		for _, o := range p.Operations {
			kept[o.RecommendationIDs[0]] = true
			if o.Wave == 1 {
				first[o.Subject.IdentityID] = true
			} else if canary == 0 {
				t.Errorf("plan %d has a second wave without a canary", n)
			}
		}
		for _, o := range p.Operations {
			if o.Wave == 2 && first[o.Subject.IdentityID] && len(o.After) == 0 {
				t.Errorf("plan %d: a person of the canary is in the second wave too", n)
			}
		}
		omitted := map[string]bool{}
		for _, o := range p.Omitted {
			if o.Sink == "" || !strings.Contains(o.Reason, "cap") {
				t.Errorf("omission %+v", o)
			}
			for _, id := range o.RecommendationIDs {
				omitted[id] = true
			}
		}
		for id := range all {
			if kept[id] == omitted[id] {
				t.Errorf("plan %d: recommendation %s: kept %v, omitted %v", n, id, kept[id], omitted[id])
			}
		}
	}
}

// manyChanges is a plan of changes of few people, some of which come in pairs.
func manyChanges(rng *rand.Rand) *access.Plan {
	p := &access.Plan{}
	for i := range 1 + rng.IntN(40) {
		e := oktaGroup(map[string]bool{}, 100+i, rng.IntN(12))
		e.op.Subject.EntitlementID = fmt.Sprintf("okta:g%d", rng.IntN(8))
		e.op.Subject.ManagerID = fmt.Sprintf("m%d", rng.IntN(3))
		e.op.Privileged = rng.IntN(6) == 0
		e.op.RecommendationIDs = []string{fmt.Sprintf("r%02d", i)}
		if last := len(p.Operations) - 1; last >= 0 && rng.IntN(4) == 0 {
			before := p.Operations[last]
			e.op.RecommendationIDs, e.op.Subject.IdentityID = before.RecommendationIDs, before.Subject.IdentityID
			if id, err := access.OperationID(before.Tenant, before.Request); err == nil {
				e.op.After = []string{id}
			}
		}
		p.Operations = append(p.Operations, e.op)
	}
	return p
}
