package recommend

import (
	"fmt"
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

// Slots lists the slots of a text in their order. It returns an error when the
// text holds a brace that is not part of a well-formed slot.
func Slots(text string) ([]Slot, error) {
	slots := []Slot{}
	_, err := replaceSlots(text, func(s Slot) string {
		slots = append(slots, s)
		return ""
	})
	return slots, err
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
func replaceSlots(text string, with func(Slot) string) (string, error) {
	var b strings.Builder
	b.Grow(2 * len(text))
	rest := text
	for {
		literal, after, open := strings.Cut(rest, "{")
		if strings.Contains(literal, "}") {
			break
		}
		b.WriteString(literal)
		if !open {
			return b.String(), nil
		}
		inner, next, closed := strings.Cut(after, "}")
		slot, ok := parseSlot(inner)
		if !closed || !ok {
			break
		}
		b.WriteString(with(slot))
		rest = next
	}
	return "", fmt.Errorf("read the slots of %q: a brace is not part of a slot", text)
}

// parseSlot reads what stands between two braces.
func parseSlot(inner string) (Slot, bool) {
	var s Slot
	name, unit, hasUnit := strings.Cut(inner, "|")
	s.Name, s.Unit = name, unit
	claim, field, hasClaim := strings.Cut(name, ".")
	if hasClaim {
		s.Claim, s.Name = claim, field
	}
	return s, isWord(s.Name) && hasUnit == isWord(s.Unit) && hasClaim == isWord(s.Claim)
}

// isWord reports whether s begins with a letter and holds small letters, digits
// and underscores only.
func isWord(s string) bool {
	for i, r := range []byte(s) {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || (r != '_' && (r < '0' || r > '9'))) {
			return false
		}
	}
	return s != ""
}
