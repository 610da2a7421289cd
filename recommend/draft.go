// Package recommend drafts the prose of recommendations. The verdict, the claims
// and all their values come from SQL; a Drafter only chooses among the claims,
// orders them and phrases a sentence around their slots, such as {c3.days}. The
// values, and the names of people and things, are filled in afterwards by
// Catalogue.Fill, so that no drafter can alter one.
//
// What may be said about each kind of claim lies in codes.yaml and, for each
// language, in a message catalogue: catalogue/en.yaml.
package recommend

import (
	"context"
	"fmt"
	"iter"

	"winnow/internal/access"
)

// A Drafter turns verdicts and claims into prose with slots.
type Drafter interface {
	// Draft yields one draft for each recommendation, in the order given. An
	// error ends the sequence. A drafter that calls a model shows it the Brief
	// of a recommendation and nothing else.
	Draft(ctx context.Context, recs []access.Recommendation) iter.Seq2[Draft, error]
}

// Verdict is the id to which sentences are bound that carry the verdict itself
// and what happens if it is wrong. It is never the id of a claim.
const Verdict = "verdict"

// A Draft is the prose of one recommendation, with slots in place of values and
// names.
type Draft struct {
	RecommendationID string     `json:"recommendation_id"`
	Sentences        []Sentence `json:"sentences"`
	DraftedBy        string     `json:"drafted_by"` // who wrote it, with the version: "template/en@1f0c…"
	Guard            string     `json:"guard"`      // the guard's verdict on it; NoGuard for a template
}

// A Sentence says one thing: it is bound to one claim and holds only that
// claim's slots and the global ones.
type Sentence struct {
	Claim string `json:"claim"` // id of the claim, or Verdict
	Text  string `json:"text"`
}

// NoGuard is what the column guard says of prose that needs no guard, because
// its sentences come from the catalogue.
const NoGuard = "not needed"

// Write drafts the recommendations and fills the drafts: it yields them in the
// order given, with rationale, drafted_by and guard set. An error ends the
// sequence.
func Write(ctx context.Context, d Drafter, c *Catalogue, recs []access.Recommendation) iter.Seq2[access.Recommendation, error] {
	return func(yield func(access.Recommendation, error) bool) {
		i := 0
		for draft, err := range d.Draft(ctx, recs) {
			rec, err := take(c, recs, i, draft, err)
			if !yield(rec, err) || err != nil {
				return
			}
			i++
		}
		if i < len(recs) {
			yield(access.Recommendation{}, fmt.Errorf("draft recommendation %s: the drafter stopped before it", recs[i].RecommendationID))
		}
	}
}

// take joins the i-th draft to its recommendation.
func take(c *Catalogue, recs []access.Recommendation, i int, d Draft, err error) (access.Recommendation, error) {
	switch {
	case err != nil:
		return access.Recommendation{}, err
	case i >= len(recs) || recs[i].RecommendationID != d.RecommendationID:
		return access.Recommendation{}, fmt.Errorf("draft recommendation %s: the drafter answered out of order", d.RecommendationID)
	}
	rec := recs[i]
	if rec.Rationale, err = c.Fill(rec, d); err != nil {
		return access.Recommendation{}, err
	}
	rec.DraftedBy, rec.Guard = d.DraftedBy, d.Guard
	return rec, nil
}
