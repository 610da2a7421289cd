package hris

import (
	"bytes"
	"encoding/json"
	"slices"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// Land returns a row as it lands: itself, or, in a stream that the layout
// reduces, an object of the members that a column names, each verbatim and in
// the order of the row. A row that is no JSON object is then an *access.Fault.
func (c *Columns) Land(stream access.StreamName, rec access.Record) (access.Record, error) {
	if !slices.Contains(c.reduced, stream) {
		return rec, nil
	}
	keep := c.Members(stream)
	out := bytes.NewBufferString("{")
	err := saved.Members(rec.Body, func(key string, value json.RawMessage) error {
		if _, wanted := slices.BinarySearch(keep, key); !wanted {
			return nil
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.Write(text(key))
		out.WriteByte(':')
		out.Write(value)
		return nil
	})
	if err != nil {
		return rec, &access.Fault{Origin: rec.Origin, Reason: "is not a JSON object", Body: rec.Body}
	}
	out.WriteByte('}')
	rec.Body = out.Bytes()
	return rec, nil
}
