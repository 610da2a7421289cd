package saved

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
)

// spread reports whether f is a JSON document over several lines: its first
// line that is not blank ends with an opening bracket, which no line of NDJSON
// does.
func (f *File) spread() bool {
	head, _ := f.Peek(bufferSize)
	head = bytes.TrimLeft(head, " \t\r\n")
	line, _, more := bytes.Cut(head, []byte("\n"))
	line = bytes.TrimSpace(line)
	if len(line) == 0 || !more || line[0] != '{' && line[0] != '[' {
		return false
	}
	last := line[len(line)-1]
	return last == '{' || last == '['
}

// document yields the items of a document over several lines, or of several
// such documents one after the other. There is no line to go on from after a
// fault in the syntax, so it ends the file.
func (f *File) document(ctx context.Context, yield func(Line, error) bool) {
	d := &document{f: f, dec: json.NewDecoder(f.Reader), yield: yield}
	head, _ := f.Peek(bufferSize)
	array := bytes.TrimLeft(head, " \t\r\n")[0] == '['
	if array {
		if _, err := d.dec.Token(); err != nil {
			yield(Line{}, cut(f.Path, 0, err))
			return
		}
	}
	for ctx.Err() == nil {
		if array && !d.dec.More() {
			d.end()
			return
		}
		if !d.next(array) {
			return
		}
	}
	yield(Line{}, ctx.Err())
}

// A document is a walk over the items of a JSON text.
type document struct {
	f     *File
	dec   *json.Decoder
	n     int
	yield func(Line, error) bool
}

// next yields the next value: an item of the array, or a top-level value that
// may itself be a page.
func (d *document) next(array bool) bool {
	var raw json.RawMessage
	err := d.dec.Decode(&raw)
	if errors.Is(err, io.EOF) && !array {
		return false
	}
	d.n++
	if err != nil {
		d.yield(Line{}, cut(d.f.Path, d.n, err))
		return false
	}
	return d.f.split(Line{Body: oneLine(raw), Number: d.n}, d.yield)
}

// end checks that the array was closed: a file cut between two items must not
// pass for a whole one.
func (d *document) end() {
	if _, err := d.dec.Token(); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		d.yield(Line{}, cut(d.f.Path, d.n, err))
	}
}
