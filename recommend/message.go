package recommend

import (
	"fmt"
	"slices"
)

// A message is a sentence with slots, in one form or in several that depend on
// a number.
type message struct {
	count string            // slot that decides; empty for a message with one form
	forms map[string]string // text by form; the only text under anyForm
}

const (
	anyForm   = ""
	zeroForm  = "zero"  // for nought, where a message has it
	otherForm = "other" // for every number that no rule names
)

// UnmarshalYAML reads a text, or a mapping of forms to texts with the key count.
func (m *message) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err == nil {
		m.forms = map[string]string{anyForm: text}
		return nil
	}
	if err := unmarshal(&m.forms); err != nil {
		return fmt.Errorf("a message is a text or a mapping of forms to texts: %w", err)
	}
	m.count = m.forms["count"]
	delete(m.forms, "count")
	return nil
}

// text returns the text for a number of that form. A message without a form for
// nought takes the form that the language uses for the number 0.
func (m *message) text(form, formOfZero string) (string, bool) {
	if m.count == "" {
		t, ok := m.forms[anyForm]
		return t, ok
	}
	if t, ok := m.forms[form]; ok {
		return t, true
	}
	if form != zeroForm {
		return "", false
	}
	t, ok := m.forms[formOfZero]
	return t, ok
}

// A plural is one rule of a language: the form of the numbers n for which n, or
// n modulo Mod, is one of Is, unless n modulo UnlessMod is one of Unless. The
// first rule that holds decides.
type plural struct {
	Form      string `yaml:"form"`
	Is        []int  `yaml:"is"`
	Mod       int    `yaml:"mod"`
	Unless    []int  `yaml:"unless"`
	UnlessMod int    `yaml:"unless_mod"`
}

func (p plural) holds(n int) bool {
	return slices.Contains(p.Is, modulo(n, p.Mod)) && !slices.Contains(p.Unless, modulo(n, p.UnlessMod))
}

func modulo(n, m int) int {
	if m <= 0 {
		return n
	}
	return n % m
}

// pluralForm returns the form of a number. Fractions take the form of all that
// no rule names.
func pluralForm(rules []plural, n float64) string {
	whole := int(n)
	if float64(whole) != n {
		return otherForm
	}
	for _, r := range rules {
		if r.holds(whole) {
			return r.Form
		}
	}
	return otherForm
}
