package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// A Fault is one thing wrong with the file.
type Fault struct {
	Line   int    // from 1; 0 when the fault has no place, such as a missing key
	Field  string // dotted path, e.g. sources.okta.org_url
	Value  string // as written; empty for secrets and for values of unknown keys
	Reason string
	Hint   string
}

// String describes the fault in one line, safe for a terminal.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Field != "" {
		b.WriteString(f.Field + " ")
	}
	if f.Value != "" {
		fmt.Fprintf(&b, "%q ", shorten(f.Value))
	}
	b.WriteString(f.Reason)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return access.Printable(b.String())
}

func shorten(s string) string {
	const limit = 80
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// Faults is everything wrong with one file. It is the error that Load returns
// for a file that it could read but not accept.
type Faults struct {
	Path string
	List []Fault
}

// Error lists every fault, one a line, in the order of the file.
func (f *Faults) Error() string {
	lines := []string{fmt.Sprintf("read configuration %s: %s", f.Path, count(len(f.List)))}
	for _, fault := range f.List {
		lines = append(lines, "  "+fault.String())
	}
	return strings.Join(lines, "\n")
}

func count(n int) string {
	if n == 1 {
		return "1 fault"
	}
	return fmt.Sprintf("%d faults", n)
}

// faults collects while decoding and checking; at remembers where each field
// was written.
type faults struct {
	list []Fault
	at   map[string]int
}

// add records a fault of a field. Its line is that of the field or, where the
// field is missing, of the nearest parent.
func (f *faults) add(field, value, reason, hint string) {
	f.list = append(f.list, Fault{Line: f.line(field), Field: field, Value: value, Reason: reason, Hint: hint})
}

// addErr records an error of a field together with its hint.
func (f *faults) addErr(field string, err error) {
	f.add(field, "", err.Error(), access.HintOf(err))
}

func (f *faults) line(field string) int {
	for field != "" {
		if n, ok := f.at[field]; ok {
			return n
		}
		cut := strings.LastIndexByte(field, '.')
		if cut < 0 {
			break
		}
		field = field[:cut]
	}
	return 0
}

// err returns the faults as one error, in the order of the file, or nil.
func (f *faults) err(path string) error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field))
	})
	return access.WithHint(&Faults{Path: path, List: f.list}, "winnow init writes a commented example to compare with")
}
