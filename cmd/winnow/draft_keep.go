package main

import (
	"context"
	"iter"

	"winnow/internal/access"
	"winnow/internal/audit"
	"winnow/recommend"
)

// A keeper keeps every draft in the audit trail before its slots are filled, and
// knows the hashes of the page that was drafted last.
type keeper struct {
	recommend.Drafter
	trail *audit.Log
	kept  map[string]bool   // hashes
	hash  map[string]string // by recommendation
}

func newKeeper(d recommend.Drafter, trail *audit.Log) *keeper {
	return &keeper{Drafter: d, trail: trail, kept: map[string]bool{}}
}

// Draft implements recommend.Drafter.
func (k *keeper) Draft(ctx context.Context, recs []access.Recommendation) iter.Seq2[recommend.Draft, error] {
	k.hash = make(map[string]string, len(recs))
	return func(yield func(recommend.Draft, error) bool) {
		for d, err := range k.Drafter.Draft(ctx, recs) {
			if err == nil {
				err = k.keep(d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func (k *keeper) keep(d recommend.Draft) error {
	text, err := d.Canonical()
	if err != nil {
		return err
	}
	hash := audit.DraftHash(text)
	if !k.kept[hash] {
		if hash, err = k.trail.KeepDraft(text); err != nil {
			return err
		}
		k.kept[hash] = true
	}
	k.hash[d.RecommendationID] = hash
	return nil
}
