package recommend

import (
	"fmt"
	"slices"

	"winnow/internal/access"
)

// A Pattern is what a drafter that calls a model may know: the verdict, and the
// claims that the prose tells, in the order of the outline, without values,
// names or the ids that they have in the database. Recommendations of one
// pattern can share one draft.
type Pattern struct {
	Action  access.Action  `json:"action"`
	WayBack access.WayBack `json:"way_back"`
	Claims  []BriefClaim   `json:"claims"` // ids c1, c2 and so on
}

// Pattern takes out of a brief what its prose tells. It also returns the ids
// that the claims of the pattern have in the recommendation. It fails on an
// action that is not known.
func (b Brief) Pattern() (Pattern, []string, error) {
	told, err := b.told()
	if err != nil {
		return Pattern{}, nil, err
	}
	p := Pattern{Action: b.Action, WayBack: b.WayBack, Claims: make([]BriefClaim, len(told))}
	ids := make([]string, len(told))
	for i, c := range told {
		ids[i] = c.ID
		c.ID = fmt.Sprintf("c%d", i+1)
		p.Claims[i] = c
	}
	return p, ids, nil
}

// Bind turns sentences on a pattern into sentences on a recommendation: the ids
// of claims, in slots too, become those that the claims have there.
func Bind(sentences []Sentence, ids []string) ([]Sentence, error) {
	to := map[string]string{"": "", Verdict: Verdict}
	for i, id := range ids {
		to[fmt.Sprintf("c%d", i+1)] = id
	}
	return renamed(sentences, func(id string) string { return to[id] })
}

// renamed gives the claims of sentences, in slots too, other ids.
func renamed(sentences []Sentence, name func(id string) string) ([]Sentence, error) {
	out := slices.Clone(sentences)
	for i, s := range out {
		claim := name(s.Claim)
		text, err := replaceSlots(s.Text, func(slot Slot) string {
			slot.Claim = name(slot.Claim)
			return slot.String()
		})
		if err != nil {
			return nil, err
		}
		out[i] = Sentence{Claim: claim, Text: text}
	}
	return out, nil
}

// Key identifies the drafts of a pattern: equal keys may share one. Beside the
// pattern it covers the versions of whatever else shaped the wording (catalogue,
// grammar, prompt, model digest). Since a pattern holds no values, a new day's
// counts change the key only where they change the grammar.
func (p Pattern) Key(versions ...string) (string, error) {
	content, err := access.CanonicalJSON(struct {
		Pattern  Pattern
		Versions []string
	}{p, versions})
	if err != nil {
		return "", err
	}
	return access.Digest(content), nil
}

// Globals lists the slots that every sentence may hold: the names of the person
// and of the access.
func Globals() []string { return slices.Clone(globals) }

// Canonical returns the draft's sentences as JSON, with the claims called c1, c2
// and so on in the order in which they are told: what recommendations of one
// pattern that share a draft have in common. It fails on a broken slot.
func (d Draft) Canonical() ([]byte, error) {
	short := map[string]string{"": "", Verdict: Verdict}
	out, err := renamed(d.Sentences, func(id string) string {
		if _, ok := short[id]; !ok {
			short[id] = fmt.Sprintf("c%d", len(short)-1)
		}
		return short[id]
	})
	if err != nil {
		return nil, err
	}
	return access.CanonicalJSON(out)
}
