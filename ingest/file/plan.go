package file

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// A plan is how the rows of one table become landed objects: where each of
// their keys comes from.
type plan struct {
	columns []string // of the table, in its order
	outs    []out
	missing []string // fields that must have a column and have none
	unknown []string // columns that are no field
	same    bool     // the rows are already what should land
}

// An out is one key of the landed object.
type out struct {
	name   string // as JSON text
	from   int    // column, or -1 where tmpl makes the value
	tmpl   template
	values map[string]string
}

// compile lays the fields of a stream over the columns of a table. Fields that
// are mapped come from where the mapping says, others from the column of their
// name in any case. Columns that are left keep their name; one whose name a
// mapped field has taken gets an underscore before it.
func (m mapping) compile(columns []string) *plan {
	p := &plan{columns: columns, same: len(m.columns)+len(m.values) == 0}
	used := make([]bool, len(columns))
	taken := map[string]bool{}
	for _, field := range m.fields() {
		t, mapped := m.columns[field]
		if !mapped {
			t = template{parts: []part{{column: field}}, plain: true}
		}
		o, ok := p.place(field, t, used, !mapped)
		if !ok {
			p.miss(m, field, t, mapped)
			continue
		}
		o.values = m.values[field]
		taken[field] = true
		p.outs = append(p.outs, o)
	}
	for i, c := range columns {
		if used[i] {
			continue
		}
		p.unknown = append(p.unknown, c)
		for taken[c] || c == "_id" {
			c = "_" + c
		}
		taken[c] = true
		p.outs = append(p.outs, out{name: quote(c), from: i})
	}
	return p
}

// place finds the columns of one field.
func (p *plan) place(field string, t template, used []bool, anyCase bool) (out, bool) {
	o := out{name: quote(field), from: -1, tmpl: t}
	for _, c := range t.columns() {
		i := p.find(c, anyCase)
		if i < 0 {
			return o, false
		}
		if t.plain {
			o.from, used[i] = i, true
			p.same = p.same && p.columns[i] == field
		}
	}
	return o, true
}

// find returns the index of a column; an exact match goes before one that
// differs in case.
func (p *plan) find(name string, anyCase bool) int {
	if i := slices.Index(p.columns, name); i >= 0 || !anyCase {
		return i
	}
	return slices.IndexFunc(p.columns, func(c string) bool { return strings.EqualFold(c, name) })
}

// miss notes a field without a column, if it needs one or was mapped to one.
func (p *plan) miss(m mapping, field string, t template, mapped bool) {
	if mapped {
		p.missing = append(p.missing, strings.Join(t.columns(), ", ")+" (mapped to "+field+")")
		return
	}
	for _, need := range m.need {
		either := strings.Split(need, "|")
		last := either[len(either)-1] == field
		if last && !slices.ContainsFunc(either, func(f string) bool { return p.has(f) }) {
			p.missing = append(p.missing, strings.Join(either, " or "))
		}
	}
}

// has reports whether the plan already makes a field.
func (p *plan) has(field string) bool {
	return slices.ContainsFunc(p.outs, func(o out) bool { return o.name == quote(field) })
}

// render writes the landed object. cell gives a column's value as JSON text,
// empty where the row does not have it.
func (p *plan) render(id string, cell func(i int) []byte) []byte {
	b := bytes.NewBufferString(`{"_id":"` + id + `"`)
	for _, o := range p.outs {
		var v []byte
		if o.from >= 0 {
			v = cell(o.from)
		} else {
			v = []byte(quote(o.tmpl.fill(func(column string) string { return textOf(cell(p.find(column, false))) })))
		}
		if len(v) == 0 {
			continue
		}
		if o.values != nil {
			v = translate(v, o.values)
		}
		b.WriteByte(',')
		b.WriteString(o.name)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// translate maps a value to ours; one that is not listed stays.
func translate(v []byte, values map[string]string) []byte {
	text := textOf(v)
	if to, ok := values[text]; ok {
		return []byte(quote(to))
	}
	for _, from := range sorted(values) {
		if strings.EqualFold(from, text) {
			return []byte(quote(values[from]))
		}
	}
	return v
}

// textOf returns the text of a JSON scalar; null is empty.
func textOf(v []byte) string {
	if len(v) > 0 && v[0] == '"' {
		var s string
		if json.Unmarshal(v, &s) == nil {
			return s
		}
	}
	if string(v) == "null" {
		return ""
	}
	return string(v)
}

// quote writes s as JSON text, with characters as they are.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always encodes
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
