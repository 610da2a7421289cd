// Package forget removes a person from the lake: from the landed answers, from
// what was refused, from the typed files, roll-ups and history that were made of
// them.
//
// A record that is about the person (their account, their memberships, their
// sign-ins, what was granted to them) goes whole. A record about somebody or
// something else that only mentions them (as a manager, an owner, a reviewer, a
// member in a list, or as the administrator who changed another's access) stays
// without the mention. What a record is about is told by the names of its
// fields; where that is not clear, it goes: rather a record too many than a
// person who stays.
//
// Not removed: what lies outside the lake (the published snapshot until it is
// made anew, exported files, backups, the sources themselves), and a person's
// display name where it stands in somebody else's free text.
package forget

import (
	"maps"
	"slices"
	"strings"

	"winnow/internal/access"
)

// A Person is everything by which somebody is known in the sources.
type Person struct {
	Accounts map[access.SourceName][]string // native ids and logins, by source
	Mails    []string                       // known everywhere
	Numbers  []string                       // employee numbers
	Names    []string                       // display names, which others may bear too: looked for beside a mention only

	NumberFields map[access.SourceName][]string // HR: names of the fields that hold an employee number
}

// A term is one text to look for, in lower case.
type term struct {
	text   string
	loose  bool // wherever it stands by itself; otherwise only as the whole value of a field that names people
	number bool // an employee number, which stands in fields of its own
}

// beyondASCII says whether the term has letters whose capitals are not told by
// one bit.
func (t term) beyondASCII() bool {
	return strings.IndexFunc(t.text, func(r rune) bool { return r >= 0x80 }) >= 0
}

// longID is the length from which an id is taken for one that nothing else
// bears: those of directories have 20 and more.
const longID = 16

// terms lists what to look for in the records of a source.
func (p Person) terms(source access.SourceName) []term {
	found := map[term]bool{}
	add := func(text string, number, everywhere bool) {
		text = strings.ToLower(strings.TrimSpace(text))
		loose := strings.Contains(text, "@") || len(text) >= longID
		if text != "" && (loose || !everywhere) {
			found[term{text, loose, number && !loose}] = true
		}
	}
	for from, ids := range p.Accounts {
		for _, id := range ids {
			add(id, false, from != source)
		}
	}
	for _, m := range p.Mails {
		add(m, false, true)
	}
	for _, n := range p.Numbers {
		add(n, true, false)
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b term) int { return strings.Compare(a.text, b.text) })
}
