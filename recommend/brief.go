package recommend

import (
	"cmp"
	"slices"

	"winnow/internal/access"
)

// A Brief is everything that a drafter may know of a recommendation in order to
// phrase it: the verdict, and which claims there are with which slots. It holds
// no value and no name.
type Brief struct {
	Action     access.Action     `json:"action"`
	Confidence access.Confidence `json:"confidence"`
	WayBack    access.WayBack    `json:"way_back"`
	Claims     []BriefClaim      `json:"claims"` // most telling first
}

// A BriefClaim is a claim without its values.
type BriefClaim struct {
	ID      string           `json:"id"`
	Code    access.ClaimCode `json:"code"`
	Section Section          `json:"section"` // empty for a code that is not known
	Slots   []BriefSlot      `json:"slots"`   // those that have a value, by name
}

// A BriefSlot is a slot whose value is known to our own code only.
type BriefSlot struct {
	Name string `json:"name"`
	Type Type   `json:"type"`
	Form string `json:"form,omitempty"` // for whole numbers the plural form in the catalogue's language, "zero" for nought
}

// Brief takes the values out of a recommendation.
func (c *Catalogue) Brief(rec access.Recommendation) Brief {
	b := Brief{Action: rec.Action, Confidence: rec.Confidence, WayBack: rec.WayBack(), Claims: make([]BriefClaim, 0, len(rec.Claims))}
	for _, claim := range rec.Claims {
		code := c.codes[claim.Code]
		bc := BriefClaim{ID: claim.ID, Code: claim.Code, Section: code.Section, Slots: []BriefSlot{}}
		for name, t := range code.Fields {
			if v := claim.Values[name]; usable(t, v) {
				bc.Slots = append(bc.Slots, BriefSlot{Name: name, Type: t, Form: c.formOf(t, v)})
			}
		}
		slices.SortFunc(bc.Slots, func(a, b BriefSlot) int { return cmp.Compare(a.Name, b.Name) })
		b.Claims = append(b.Claims, bc)
	}
	return b
}

// formOf returns the plural form of a whole number.
func (c *Catalogue) formOf(t Type, v access.Value) string {
	if t != Count && t != Days && t != Months {
		return ""
	}
	n, _ := v.Float()
	if n == 0 {
		return zeroForm
	}
	return pluralForm(c.Plurals, n)
}

// slot returns the slot of that name.
func (b BriefClaim) slot(name string) (BriefSlot, bool) {
	i := slices.IndexFunc(b.Slots, func(s BriefSlot) bool { return s.Name == name })
	if i < 0 {
		return BriefSlot{}, false
	}
	return b.Slots[i], true
}
