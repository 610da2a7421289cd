package recommend

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"winnow/internal/access"
)

// A checker collects the faults of a catalogue.
type checker struct {
	c      *Catalogue
	faults []error
}

func (k *checker) fault(where, format string, args ...any) {
	k.faults = append(k.faults, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

// check returns all faults, in the order of the file's parts.
func (c *Catalogue) check() []error {
	k := &checker{c: c}
	if c.messages.Language == "" {
		k.fault("language", "is missing")
	}
	if len(c.Quotes) != 2 {
		k.fault("quotes", "must be an opening and a closing mark")
	}
	k.checkUnits()
	k.checkWords()
	for _, a := range access.Actions {
		k.message("verdicts."+string(a), c.Verdicts[a], nil)
		for _, w := range []access.WayBack{access.Reversible, access.Irreversible, access.Unknown} {
			k.message(fmt.Sprintf("ways_back.%s.%s", a, w), c.WaysBack[a][string(w)], nil)
		}
	}
	k.message("unknown_claim", c.Unknown, map[string]Type{codeSlot: Word})
	k.checkClaims()
	return k.faults
}

func (k *checker) checkUnits() {
	n := map[string]Type{"n": Count}
	for _, u := range slices.Sorted(maps.Keys(k.c.Units)) {
		m := k.c.Units[u]
		m.count = "n"
		k.message("units."+u, m, n)
	}
	for _, u := range []string{"day", "month", "app"} { // those that types need
		if _, ok := k.c.Units[u]; !ok {
			k.fault("units."+u, "is missing")
		}
	}
	m := k.c.Lists.More
	m.count = "n"
	k.message("lists.more", m, n)
	if k.c.Lists.Comma == "" || k.c.Lists.Last == "" {
		k.fault("lists", "needs comma and last")
	}
}

func (k *checker) checkWords() {
	for _, kind := range []string{"group", "app", "app_role", "directory_role", "licence", "access_package", "other"} {
		k.word("kinds."+kind, k.c.Kinds[kind])
	}
	for _, code := range slices.Sorted(maps.Keys(k.c.codes)) {
		fields := k.c.codes[code].Fields
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			key := string(code) + "." + field
			words := k.c.Words[key]
			if fields[field] == Word && len(words) == 0 {
				k.fault("words."+key, "is missing")
			}
			for _, w := range slices.Sorted(maps.Keys(words)) {
				k.word("words."+key+"."+w, words[w])
			}
		}
	}
}

// word checks a text that is put into a slot.
func (k *checker) word(where, text string) {
	if text == "" {
		k.fault(where, "is missing")
	}
	if strings.ContainsFunc(text, unicode.IsNumber) || strings.ContainsAny(text, "{}") {
		k.fault(where, "must hold no digit and no slot")
	}
}

func (k *checker) checkClaims() {
	for _, code := range slices.Sorted(maps.Keys(k.c.Claims)) {
		if _, ok := k.c.codes[code]; !ok {
			k.fault("claims."+string(code), "is not in codes.yaml")
		}
	}
	for _, code := range slices.Sorted(maps.Keys(k.c.codes)) {
		where, texts := "claims."+string(code), k.c.Claims[code]
		if texts.Label == "" || len(texts.Any) == 0 {
			k.fault(where, "needs label and any")
		}
		for _, a := range access.Actions {
			for i, m := range texts.of(a) {
				k.message(fmt.Sprintf("%s.%s.%d", where, a, i+1), m, k.c.codes[code].Fields)
			}
		}
	}
}

// message checks one message whose own slots are fields.
func (k *checker) message(where string, m message, fields map[string]Type) {
	if m.count == "" {
		if len(m.forms) != 1 || m.forms[anyForm] == "" {
			k.fault(where, "must be one text, or a mapping with count")
		}
	} else {
		k.forms(where, m, fields)
	}
	for _, form := range slices.Sorted(maps.Keys(m.forms)) {
		k.text(strings.TrimSuffix(where+"."+form, "."), m.forms[form], fields)
	}
}

// forms checks that a message has each form that the language's rules can ask
// for, and no other.
func (k *checker) forms(where string, m message, fields map[string]Type) {
	if t := fields[m.count]; t != Count && t != Days && t != Months {
		k.fault(where, "count names %q, which is no whole number", m.count)
	}
	need := []string{otherForm}
	for _, r := range k.c.Plurals {
		need = append(need, r.Form)
	}
	for _, form := range need {
		if m.forms[form] == "" {
			k.fault(where, "form %s is missing", form)
		}
	}
	for _, form := range slices.Sorted(maps.Keys(m.forms)) {
		if form != zeroForm && !slices.Contains(need, form) {
			k.fault(where, "form %q is not one of the language's plurals", form)
		}
	}
}

// text checks a text: its slots exist, and what stands outside them holds no
// digit, for a number in a sentence is a value, and values come from SQL.
func (k *checker) text(where, text string, fields map[string]Type) {
	var slots []Slot
	outside, err := replaceSlots(text, func(s Slot) string {
		slots = append(slots, s)
		return ""
	})
	if err != nil {
		k.fault(where, "%v", err)
	}
	for _, s := range slots {
		t, own := fields[s.Name]
		switch {
		case s.Claim != "" || (!own && !isGlobal(s.Name)):
			k.fault(where, "there is no slot %s", s)
		case s.Unit == "":
		case k.c.Units[s.Unit].forms == nil:
			k.fault(where, "there is no unit %q", s.Unit)
		case t != Count && t != Days && t != Months:
			k.fault(where, "%s has a unit and is no whole number", s)
		}
	}
	if strings.ContainsFunc(outside, unicode.IsNumber) {
		k.fault(where, "a digit stands outside a slot")
	}
}
