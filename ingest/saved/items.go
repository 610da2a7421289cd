package saved

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"strings"
)

// Items yields the JSON objects of a saved file, verbatim, with the line on
// which each began (in a document over several lines: its position).
//
// A line may be an object or a page: an array, or an object whose only content
// is an array under "value" (Graph), "records" (Azure Monitor) or
// "Report_Entry" (Workday); pages are split. A document spread over several
// lines is accepted too. A line that is none of these is yielded as an
// *access.Fault and reading goes on; *Truncated ends a file that breaks. That
// an object is well formed inside is for the reader of the item to check.
func Items(ctx context.Context, path string, limit int) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		f, err := Open(path)
		if err != nil {
			yield(Line{}, err)
			return
		}
		defer f.Close()
		f.items(ctx, limit, yield)
	}
}

// items yields the items of an open file.
func (f *File) items(ctx context.Context, limit int, yield func(Line, error) bool) {
	if f.spread() {
		f.document(ctx, yield)
		return
	}
	for line, err := range f.Lines(limit) {
		switch {
		case ctx.Err() != nil:
			yield(Line{}, ctx.Err())
			return
		case err != nil:
			if !yield(line, err) {
				return
			}
		case line.Open && !json.Valid(line.Body):
			f.broken(line.Body, line.Number, io.ErrUnexpectedEOF, yield)
			return
		case !f.split(line, yield):
			return
		}
	}
}

// split yields the items of one line: itself, or the items of a page.
func (f *File) split(line Line, yield func(Line, error) bool) bool {
	b := line.Body
	switch {
	case b[0] == '[':
	case b[0] != '{' || b[len(b)-1] != '}':
		fault := f.Fault(line.Number, b, "is not a JSON object")
		fault.Hint = "each line holds one JSON object, or one page of them"
		return yield(Line{}, fault)
	case pageKey(b) == "":
		return yield(line, nil)
	}
	items, err := pageItems(b)
	if err != nil {
		fault := f.Fault(line.Number, b, "is a page that is not JSON: "+err.Error())
		return yield(Line{}, fault)
	}
	for _, item := range items {
		if !yield(Line{Body: item, Number: line.Number}, nil) {
			return false
		}
	}
	return true
}

// pageKeys are the names under which answers hold their page.
var pageKeys = []string{"value", "records", "Report_Entry"}

// pageKey returns the key under which b holds a page, or "". The first key
// settles it for nearly every item, so that items are not parsed twice.
func pageKey(b []byte) string {
	first := firstKey(b)
	if !strings.HasPrefix(first, "@odata.") && !isPageKey(first) {
		return ""
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(b, &members) != nil {
		return ""
	}
	found := ""
	for k, v := range members {
		switch {
		case isPageKey(k) && v[0] == '[' && found == "":
			found = k
		case !strings.HasPrefix(k, "@odata."):
			return ""
		}
	}
	return found
}

func isPageKey(k string) bool {
	for _, p := range pageKeys {
		if k == p {
			return true
		}
	}
	return false
}

// firstKey returns the raw first key of an object.
func firstKey(b []byte) string {
	b = bytes.TrimLeft(b[1:], " \t\r\n")
	if len(b) == 0 || b[0] != '"' {
		return ""
	}
	end := bytes.IndexByte(b[1:], '"')
	if end < 0 {
		return ""
	}
	return string(b[1 : 1+end])
}

// pageItems returns the items of a page, each on one line.
func pageItems(b []byte) ([]json.RawMessage, error) {
	if b[0] == '{' {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(b, &members); err != nil {
			return nil, err
		}
		b = members[pageKey(b)]
	}
	var items []json.RawMessage
	if err := json.Unmarshal(b, &items); err != nil {
		return nil, err
	}
	for i := range items {
		items[i] = oneLine(items[i])
	}
	return items, nil
}

// oneLine removes the line ends between the tokens of an item that was saved
// indented: a landed item is one line. Other items are left as they are.
func oneLine(item []byte) []byte {
	if bytes.IndexByte(item, '\n') < 0 && bytes.IndexByte(item, '\r') < 0 {
		return item
	}
	var out bytes.Buffer
	if json.Compact(&out, item) != nil {
		return item
	}
	return out.Bytes()
}
