package ollama

import (
	"cmp"
	"strings"
	"unicode"

	"winnow/internal/access"
	"winnow/recommend"
)

// thingSlots are the slots that name groups and apps. A rule, its owner and the
// peer group tell of people and are not among them.
var thingSlots = map[string]bool{"via": true, "apps": true}

// namesOf returns the names that may be shown to the model as data: those of
// groups and apps, when the configuration says so, and none that could be a
// person's, a mail or an id.
func (d *Drafter) namesOf(rec access.Recommendation, p recommend.Pattern) map[string]string {
	if !d.config.Names {
		return nil
	}
	out := map[string]string{}
	add := func(slot, name string) {
		if clean := access.CleanName(name, access.NameLimit); clean != "" && !personal(name, rec) {
			out["{"+slot+"}"] = clean
		}
	}
	add("entitlement", rec.EntitlementName)
	_, ids, err := d.template.Catalogue.Brief(rec).Pattern()
	if err != nil {
		return out
	}
	for i, c := range p.Claims {
		for _, claim := range rec.Claims {
			if claim.ID != ids[i] {
				continue
			}
			for _, s := range c.Slots {
				if thingSlots[s.Name] && !claim.Values[s.Name].IsNumber() {
					add(c.ID+"."+s.Name, strings.Join(claim.Values[s.Name].List(), ", "))
				}
			}
		}
	}
	return out
}

// personal reports whether a name of a thing could tell who a person is: it
// holds a mail address, a long number, a word of the person's name, or is an id
// of the recommendation.
func personal(name string, rec access.Recommendation) bool {
	small := strings.ToLower(name)
	digits := 0
	for _, r := range small {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if strings.Contains(small, "@") || digits > 4 {
		return true
	}
	for _, id := range []string{rec.IdentityID, rec.AccountID, rec.EntitlementID, rec.Owner, rec.Manager, rec.Reviewer} {
		if id != "" && strings.Contains(small, strings.ToLower(id)) {
			return true
		}
	}
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
	}
	for _, w := range words(cmp.Or(rec.IdentityName, rec.IdentityID)) {
		for _, in := range words(name) {
			if len(w) > 2 && w == in {
				return true
			}
		}
	}
	return false
}
