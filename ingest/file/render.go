package file

import (
	"bytes"
	"encoding/json"
	"slices"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// A renderer turns the rows of one table into records. The plan is kept for as
// long as the rows have the same columns.
type renderer struct {
	mapping
	plan *plan
}

// record renders one row. A row that is not a JSON object is a fault.
func (r *renderer) record(path string, row saved.Row) (access.Record, error) {
	rec := access.Record{Origin: access.Origin{Place: path, Line: row.Line}}
	id := identity(row)
	if row.Body == nil {
		rec.Body = r.plan.render(id, func(i int) []byte { return []byte(quote(row.Cells[i])) })
		return rec, nil
	}
	if r.asIs() && !bytes.Contains(row.Body, []byte(`"_id"`)) {
		rec.Body = withID(id, row.Body)
		return rec, nil
	}
	var names []string
	var values []json.RawMessage
	err := saved.Members(row.Body, func(key string, v json.RawMessage) error {
		names, values = append(names, key), append(values, v)
		return nil
	})
	if err != nil {
		return rec, &access.Fault{Origin: rec.Origin, Reason: "is not a JSON object", Value: err.Error(),
			Hint: "each line holds one JSON object", Body: bytes.Clone(row.Body)}
	}
	if r.plan == nil || !slices.Equal(names, r.plan.columns) {
		r.plan = r.compile(names)
	}
	rec.Body = r.plan.render(id, func(i int) []byte {
		if i < 0 {
			return nil
		}
		return values[i]
	})
	return rec, nil
}

// asIs reports whether JSON rows need no more than their id: nothing is mapped
// and, where the columns are known, each field has its own name.
func (r *renderer) asIs() bool {
	if r.plan == nil {
		return len(r.columns)+len(r.values) == 0
	}
	return r.plan.same
}

// withID puts the id in front of an object's members, which stay verbatim.
func withID(id string, object []byte) []byte {
	out := append(make([]byte, 0, len(object)+26), `{"_id":"`+id+`"`...)
	rest := bytes.TrimLeft(object[1:], " \t\r\n")
	if len(rest) > 0 && rest[0] != '}' {
		out = append(out, ',')
	}
	return append(out, rest...)
}
