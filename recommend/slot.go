package recommend

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Slot is a place in a sentence that is filled with a value. In a draft it is
// written {c3.days} or {c3.days|unit} for a claim's value, and {identity} for a
// global one.
type Slot struct {
	Claim string // id of the claim; empty for a global slot
	Name  string // field of the claim, or name of the global slot
	Unit  string // unit of the language's catalogue in which to count; empty for the type's own
}

// The slots that every sentence may hold: the names of the person and of the
// access, which stand as slots so that a draft is pseudonymous.
var globals = []string{"identity", "entitlement", "entitlement_kind", "source"}

// codeSlot names the kind of a claim that this version does not know.
const codeSlot = "code"

func isGlobal(name string) bool { return slices.Contains(globals, name) }

var slotPattern = regexp.MustCompile(`\{(?:([a-z][a-z0-9_]*)\.)?([a-z][a-z0-9_]*)(?:\|([a-z][a-z0-9_]*))?\}`)

// Slots lists the slots of a text in their order. It returns an error when the
// text holds a brace that is not part of a well-formed slot.
func Slots(text string) ([]Slot, error) {
	rest := slotPattern.ReplaceAllString(text, "")
	if strings.ContainsAny(rest, "{}") {
		return nil, fmt.Errorf("read the slots of %q: a brace is not part of a slot", text)
	}
	found := slotPattern.FindAllStringSubmatch(text, -1)
	slots := make([]Slot, 0, len(found))
	for _, m := range found {
		slots = append(slots, Slot{Claim: m[1], Name: m[2], Unit: m[3]})
	}
	return slots, nil
}

// String writes the slot as it stands in a text.
func (s Slot) String() string {
	name := s.Name
	if s.Claim != "" {
		name = s.Claim + "." + name
	}
	if s.Unit != "" {
		name += "|" + s.Unit
	}
	return "{" + name + "}"
}

// replaceSlots rewrites each slot of the text once. What is put in is never
// read again, so that a value cannot bring a slot of its own.
func replaceSlots(text string, with func(Slot) string) string {
	return slotPattern.ReplaceAllStringFunc(text, func(s string) string {
		m := slotPattern.FindStringSubmatch(s)
		return with(Slot{Claim: m[1], Name: m[2], Unit: m[3]})
	})
}
