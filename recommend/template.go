package recommend

import (
	"context"
	"fmt"
	"iter"

	"winnow/internal/access"
)

// Template is the Drafter that takes its sentences from the catalogue as they
// stand. It is the default, and the fallback of every other drafter.
type Template struct {
	Catalogue *Catalogue

	// Strict makes a claim for which the catalogue has no sentence an error.
	// Otherwise a general sentence names it, so that a newer model of the
	// database never leaves a recommendation without words.
	Strict bool
}

// A portion is how many claims of a section the prose tells at most. The others
// stay with the evidence: a reviewer reads five sentences, not fifteen.
type portion struct {
	section Section
	most    int
}

// outline is the order in which the prose of a verdict is built: why, how the
// access is held, what is at stake, and what was not seen. An abstention begins
// with what was not seen, since that is its reason.
var outline = map[access.Action][]portion{
	access.Revoke:     {{Reason, 3}, {Path, 2}, {Stake, 2}, {Limit, 2}},
	access.ChangeRule: {{Path, 2}, {Reason, 3}, {Stake, 2}, {Limit, 2}},
	access.Grant:      {{Reason, 3}, {Path, 2}, {Stake, 2}, {Limit, 2}},
	access.Abstain:    {{Limit, 1}, {Reason, 2}, {Limit, 2}, {Path, 1}, {Stake, 1}},
}

// Draft yields the drafts. Its errors are a cancelled context and, when Strict,
// a claim without a sentence.
func (t Template) Draft(ctx context.Context, recs []access.Recommendation) iter.Seq2[Draft, error] {
	return func(yield func(Draft, error) bool) {
		for _, rec := range recs {
			d, err := t.One(rec)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Draft{}, fmt.Errorf("draft recommendation %s: %w", rec.RecommendationID, err))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// One drafts one recommendation. Its error is that of Draft.
func (t Template) One(rec access.Recommendation) (Draft, error) {
	b := t.Catalogue.Brief(rec)
	told, err := b.told()
	if err != nil {
		return Draft{}, err
	}
	sentences, err := t.tell(Pattern{Action: b.Action, WayBack: b.WayBack, Claims: told})
	return Draft{RecommendationID: rec.RecommendationID, Sentences: sentences, DraftedBy: t.name(), Guard: NoGuard}, err
}

// name says who drafts, with the version of the wording.
func (t Template) name() string {
	return "template/" + t.Catalogue.Language() + "@" + t.Catalogue.Version()
}

// Tell returns the catalogue's sentences for a pattern: what to do, the claims
// in their order, and what happens if the verdict is wrong. A model is shown
// them as an example.
func (t Template) Tell(p Pattern) ([]Sentence, error) {
	if _, ok := outline[p.Action]; !ok {
		return nil, fmt.Errorf("action %q is unknown", p.Action)
	}
	return t.tell(p)
}

func (t Template) tell(p Pattern) ([]Sentence, error) {
	verdict := t.Catalogue.Verdicts[p.Action]
	lead, _ := verdict.text(anyForm, anyForm)
	sentences := []Sentence{{Claim: Verdict, Text: lead}}
	for _, claim := range p.Claims {
		s, err := t.sentence(p.Action, claim)
		if err != nil {
			return nil, err
		}
		sentences = append(sentences, s)
	}
	back := t.Catalogue.WaysBack[p.Action][string(p.WayBack)]
	closing, _ := back.text(anyForm, anyForm)
	return append(sentences, Sentence{Claim: Verdict, Text: closing}), nil
}

// told lists the claims that the prose tells, in the order of the outline, and
// at last a claim that is not known.
func (b Brief) told() ([]BriefClaim, error) {
	parts, ok := outline[b.Action]
	if !ok {
		return nil, fmt.Errorf("action %q is unknown", b.Action)
	}
	var out []BriefClaim
	left := bySection(b.Claims)
	for _, p := range append(parts[:len(parts):len(parts)], portion{"", 1}) {
		most := min(p.most, len(left[p.section]))
		out = append(out, left[p.section][:most]...)
		left[p.section] = left[p.section][most:]
	}
	return out, nil
}

// bySection parts the claims, each section in the claims' order.
func bySection(claims []BriefClaim) map[Section][]BriefClaim {
	parts := map[Section][]BriefClaim{}
	for _, c := range claims {
		parts[c.Section] = append(parts[c.Section], c)
	}
	return parts
}

// sentence returns the first of the claim's sentences whose slots all have a
// value, bound to the claim.
func (t Template) sentence(a access.Action, claim BriefClaim) (Sentence, error) {
	c := t.Catalogue
	for _, m := range c.Claims[claim.Code].of(a) {
		if text, ok := c.phrase(m, claim); ok {
			return Sentence{Claim: claim.ID, Text: text}, nil
		}
	}
	if t.Strict {
		return Sentence{}, fmt.Errorf("claim %s: the catalogue %s has no sentence for %q with slots %v", claim.ID, c.Language(), claim.Code, claim.Slots)
	}
	text, _ := c.phrase(c.Unknown, BriefClaim{ID: claim.ID, Slots: []BriefSlot{{Name: codeSlot}}})
	return Sentence{Claim: claim.ID, Text: text}, nil
}

// phrase binds a message's slots to a claim: {days} becomes {c3.days}. It
// returns false when a slot has no value.
func (c *Catalogue) phrase(m message, claim BriefClaim) (string, bool) {
	form := anyForm
	if m.count != "" {
		s, ok := claim.slot(m.count)
		if !ok {
			return "", false
		}
		form = s.Form
	}
	text, ok := m.text(form, pluralForm(c.Plurals, 0))
	if !ok {
		return "", false
	}
	text, err := replaceSlots(text, func(s Slot) string {
		if _, own := claim.slot(s.Name); own {
			s.Claim = claim.ID
		} else if !isGlobal(s.Name) {
			ok = false
		}
		return s.String()
	})
	return text, ok && err == nil
}
