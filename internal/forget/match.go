package forget

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"winnow/internal/lake"
)

// The names of fields, as they are without capitals and separators.
var (
	// personField holds an id of a person or account.
	personField = regexp.MustCompile(`^(account|accountid|user|userid|uid|username|userprincipalname|login|logon|loginname|principalid|identity|identityid|alternateid|subject|sub|samaccountname|mailnickname)$`)
	// ownField holds one in records of people, and inside what names people.
	ownField = regexp.MustCompile(`^(id|_id|parentid|value|objectid|nativeid)$`)
	// numberField holds an employee number.
	numberField = regexp.MustCompile(`^(employee|worker|person|personnel|staff)(id|number|no|num|code)?$`)
	// mention names somebody whom the record is not about.
	mention = regexp.MustCompile(`manager|supervisor|owner|approver|reviewer|sponsor|reportsto|(created|updated|modified|invited|requested|decided|assigned|granted|revoked)by|^members$`)
	// doer names who did what the record is about.
	doer = regexp.MustCompile(`^(actor|initiatedby)$`)
)

// peopleStreams are the streams whose records are about people, so that their
// own id is a person's.
var peopleStreams = []string{"users", "accounts", "workers", "persons", "positions", "statuses", "transfers", "leaves", "terminations",
	"group_members", "app_users", "user_roles", "role_users"}

// circumstances say where and with what somebody did something.
var circumstances = []string{"client", "securityContext", "authenticationContext", "debugContext", "request", "transaction", "device", "ipAddress", "ip", "userAgent"}

// fold takes capitals and separators from the name of a field.
func fold(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(name))
}

// A matcher judges the records of one stream.
type matcher struct {
	terms  []term
	names  []string // in lower case
	people bool
	hr     bool // ids of people are employee numbers
	number func(field string) bool
	ascii  bool   // all terms are
	low    []byte // the last record in lower case, to be written over
}

func (p Person) matcher(id lake.StreamID) *matcher {
	var own []string
	for _, f := range p.NumberFields[id.Source] {
		own = append(own, fold(f))
	}
	terms := p.terms(id.Source)
	return &matcher{terms: terms, ascii: !slices.ContainsFunc(terms, term.beyondASCII), names: lower(p.Names), people: slices.Contains(peopleStreams, string(id.Stream)),
		hr:     len(own) > 0,
		number: func(field string) bool { return numberField.MatchString(field) || slices.Contains(own, field) }}
}

// may says quickly whether a record can hold a term: escapes hide one.
func (m *matcher) may(item []byte) bool {
	if bytes.Contains(item, []byte(`\u`)) || bytes.Contains(item, []byte(`\/`)) {
		return true
	}
	low := append(m.low[:0], item...)
	m.low = low
	if m.ascii { // nearly always
		for i, c := range low {
			if c-'A' <= 'Z'-'A' {
				low[i] = c | 0x20
			}
		}
	} else {
		low = bytes.ToLower(item)
	}
	return slices.ContainsFunc(m.terms, func(t term) bool { return bytes.Contains(low, []byte(t.text)) })
}

// item returns what stays of a record: the record itself where nothing is to be
// done, nil where it goes.
func (m *matcher) item(item []byte) []byte {
	if !m.may(item) {
		return item
	}
	dec := json.NewDecoder(bytes.NewReader(item))
	dec.UseNumber()
	var record any
	if dec.Decode(&record) != nil {
		return nil // what cannot be read and may hold a term goes
	}
	if m.holds(record, "", m.people, true) {
		return nil
	}
	mentioned, did := m.blot(record)
	switch {
	case did && !concernsAnother(record):
		return nil
	case did:
		withoutCircumstances(record)
	case !mentioned:
		return item
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(record) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

// holds says whether a value holds a term: anywhere, or only where it says what
// the record is about. people says that ids without another name are people's.
func (m *matcher) holds(v any, field string, people, subject bool) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			f := fold(name)
			if subject && (mention.MatchString(f) || doer.MatchString(f)) {
				continue
			}
			if m.holds(inner, f, people || personField.MatchString(f) || mention.MatchString(f) || doer.MatchString(f), subject) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return m.holds(inner, field, people, subject) })
	case string:
		return m.leaf(v, field, people)
	case json.Number:
		return m.leaf(v.String(), field, people)
	}
	return false
}

// leaf says whether a text holds a term.
func (m *matcher) leaf(text, field string, people bool) bool {
	text = strings.ToLower(text)
	for _, t := range m.terms {
		switch {
		case t.loose:
			if alone(text, t.text) {
				return true
			}
		case strings.TrimSpace(text) != t.text:
		case t.number && (m.number(field) || mention.MatchString(field) || m.hr && people && ownField.MatchString(field)):
			return true
		case !t.number && (m.hr && m.number(field) || personField.MatchString(field) || mention.MatchString(field) || doer.MatchString(field) || people && ownField.MatchString(field)):
			return true
		}
	}
	return false
}

// alone says whether a term stands in a text and is no part of a longer one:
// ann@x.test is not in joann@x.test.
func alone(text, term string) bool {
	part := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 || c == '_' || c == '-' || c == '.' || c == '+' || c == '%'
	}
	for from := 0; ; {
		i := strings.Index(text[from:], term)
		if i < 0 {
			return false
		}
		i += from
		rest := strings.TrimPrefix(text[i+len(term):], ".") // which may end a sentence
		if (i == 0 || !part(text[i-1])) && (rest == "" || !part(rest[0])) {
			return true
		}
		from = i + 1
	}
}

// refused says whether a refused record stays. It need not be JSON; what then
// holds a term goes, if the term is long enough to be nobody else's.
func (m *matcher) refused(body []byte) bool {
	if json.Valid(body) {
		return string(m.item(body)) == string(body)
	}
	return !slices.ContainsFunc(m.terms, func(t term) bool { return t.loose && alone(strings.ToLower(string(body)), t.text) })
}
