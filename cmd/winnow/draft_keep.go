package main

import (
	"context"
	"iter"
	"strings"

	"winnow/internal/access"
	"winnow/internal/audit"
	"winnow/recommend"
)

// A keeper keeps every draft in the audit trail before its slots are filled, and
// knows the hashes of the page that was drafted last.
type keeper struct {
	recommend.Drafter
	trail *audit.Log
	kept  map[string]string // by words, with the ids of claims
	hash  map[string]string // by recommendation
}

func newKeeper(d recommend.Drafter, trail *audit.Log) *keeper {
	return &keeper{Drafter: d, trail: trail, kept: map[string]string{}}
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

// keep notes the hash of a draft; drafts with the same words are kept once.
func (k *keeper) keep(d recommend.Draft) error {
	var words strings.Builder
	for _, s := range d.Sentences {
		words.WriteString(s.Claim + "\x00" + s.Text + "\x00")
	}
	hash, ok := k.kept[words.String()]
	if !ok {
		text, err := d.Canonical()
		if err != nil {
			return err
		}
		if hash, err = k.trail.KeepDraft(text); err != nil {
			return err
		}
		k.kept[words.String()] = hash
	}
	k.hash[d.RecommendationID] = hash
	return nil
}
