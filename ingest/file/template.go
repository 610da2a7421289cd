package file

import (
	"errors"
	"fmt"
	"strings"

	"winnow/internal/access"
)

// A template says how a field is made from columns: "user" is the column of
// that name, "{entitlement}/{level}" puts columns together, "=grant" is the
// text after the sign for every row.
type template struct {
	parts []part
	plain bool // the value of one column, as it stands
}

// A part is a piece of text, or the value of a column.
type part struct {
	text   string
	column string
}

// parseTemplate reads the right side of a column mapping.
func parseTemplate(s string) (template, error) {
	if text, ok := strings.CutPrefix(s, "="); ok {
		return template{parts: []part{{text: text}}}, nil
	}
	if s == "" {
		return template{}, errors.New("names no column")
	}
	if !strings.ContainsAny(s, "{}") {
		return template{parts: []part{{column: s}}, plain: true}, nil
	}
	var t template
	for rest := s; rest != ""; {
		text, after, open := strings.Cut(rest, "{")
		if strings.Contains(text, "}") {
			return t, badTemplate(s)
		}
		if text != "" {
			t.parts = append(t.parts, part{text: text})
		}
		if !open {
			break
		}
		column, tail, closed := strings.Cut(after, "}")
		if !closed || column == "" || strings.Contains(column, "{") {
			return t, badTemplate(s)
		}
		t.parts = append(t.parts, part{column: column})
		rest = tail
	}
	return t, nil
}

// badTemplate explains how templates are written.
func badTemplate(s string) error {
	return access.WithHint(fmt.Errorf("template %q has a brace without its partner", s),
		`write columns in braces and the text between them as it is: "{entitlement}/{level}"`)
}

// columns lists the columns that the template reads.
func (t template) columns() []string {
	var out []string
	for _, p := range t.parts {
		if p.column != "" {
			out = append(out, p.column)
		}
	}
	return out
}

// fill writes the value of a composite field. A column without a value leaves
// the whole empty: half of a composite id would name something else.
func (t template) fill(value func(column string) string) string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.column == "" {
			b.WriteString(p.text)
			continue
		}
		v := value(p.column)
		if v == "" {
			return ""
		}
		b.WriteString(v)
	}
	return b.String()
}
