package recommend

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/internal/access"
)

// Fill puts the values and names of the recommendation into the slots of the
// draft and joins the sentences to one paragraph. A sentence that is bound to a
// claim that does not exist, or that holds a slot of another claim or one
// without a value, is an error: no sentence leaves with a hole or a borrowed
// figure.
func (c *Catalogue) Fill(rec access.Recommendation, d Draft) (string, error) {
	sentences := make([]string, 0, len(d.Sentences))
	for i, s := range d.Sentences {
		text, err := c.fillSentence(rec, s)
		if err != nil {
			return "", fmt.Errorf("fill sentence %d of recommendation %s: %w", i+1, rec.RecommendationID, err)
		}
		sentences = append(sentences, text)
	}
	return strings.Join(sentences, " "), nil
}

func (c *Catalogue) fillSentence(rec access.Recommendation, s Sentence) (string, error) {
	claim, ok := claimByID(rec, s.Claim)
	if !ok && s.Claim != Verdict {
		return "", fmt.Errorf("there is no claim %q", s.Claim)
	}
	var fault error
	text, err := replaceSlots(s.Text, func(slot Slot) string {
		value, err := c.value(rec, claim, slot)
		fault = cmp.Or(fault, err)
		return value
	})
	if strings.HasPrefix(s.Text, "{") { // a kind or a word of the vocabulary begins with a small letter
		text = capital(text)
	}
	return text, cmp.Or(err, fault)
}

// capital begins a text with a capital letter.
func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if !unicode.IsLower(r) {
		return text
	}
	return string(unicode.ToUpper(r)) + text[size:]
}

func claimByID(rec access.Recommendation, id string) (access.Claim, bool) {
	i := slices.IndexFunc(rec.Claims, func(c access.Claim) bool { return c.ID == id })
	if i < 0 {
		return access.Claim{}, false
	}
	return rec.Claims[i], true
}

// value writes what stands in one slot of a sentence that is bound to claim.
func (c *Catalogue) value(rec access.Recommendation, claim access.Claim, s Slot) (string, error) {
	switch {
	case s.Claim == "":
		return c.global(rec, s)
	case s.Claim != claim.ID:
		return "", fmt.Errorf("slot %s belongs to another claim", s)
	case s.Name == codeSlot:
		return c.quote(string(claim.Code)), nil
	}
	t, ok := c.codes[claim.Code].Fields[s.Name]
	if !ok {
		return "", fmt.Errorf("claim %q has no slot %s", claim.Code, s)
	}
	v := claim.Values[s.Name]
	if !usable(t, v) {
		return "", fmt.Errorf("slot %s has no value", s)
	}
	if s.Unit != "" && c.Units[s.Unit].forms == nil {
		return "", fmt.Errorf("slot %s: there is no unit %q", s, s.Unit)
	}
	return c.format(t, v, claim.Code, s), nil
}

// global writes the names that every sentence may hold. What has no name is
// named by its id.
func (c *Catalogue) global(rec access.Recommendation, s Slot) (string, error) {
	switch s.Name {
	case "identity":
		return c.quote(cmp.Or(strings.TrimSpace(rec.IdentityName), rec.IdentityID, rec.AccountID)), nil
	case "entitlement":
		return c.quote(cmp.Or(strings.TrimSpace(rec.EntitlementName), rec.EntitlementID)), nil
	case "entitlement_kind":
		return cmp.Or(c.Kinds[rec.EntitlementKind], c.Kinds["other"]), nil
	case "source":
		return c.quote(string(rec.Source)), nil
	default:
		return "", fmt.Errorf("there is no slot %s", s)
	}
}

func (c *Catalogue) quote(name string) string {
	return access.QuoteName(name, c.Quotes[0], c.Quotes[1])
}
