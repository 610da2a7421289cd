package lake

import (
	"bytes"
	"encoding/json"
	"strings"
)

// TextAt returns the scalar at a dotted path of an item, such as
// "properties.createdDateTime", and the empty string where there is none.
func TextAt(item []byte, path string) string {
	s := &scanner{b: item}
	return scalarText(s.find(path))
}

// scalarText decodes a raw scalar; null, objects and arrays have no text.
func scalarText(raw []byte) string {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n' {
		return ""
	}
	if raw[0] != '"' {
		return string(raw)
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// find returns the raw bytes of the first value at the path, or nil, and looks
// no further than to its end.
func (s *scanner) find(path string) []byte {
	if s.peek() != '{' {
		return nil
	}
	here, below, deep := strings.Cut(path, ".")
	wanted := []Field{{Key: here}}
	more, err := s.first('{', '}')
	for ; more && err == nil; more, err = s.next('}') {
		key, escaped, err := s.key()
		if err != nil {
			return nil
		}
		c, start, found := s.peek(), s.i, indexOf(wanted, key, escaped) == 0
		if found && deep && c == '{' {
			return s.find(below)
		}
		if s.skip() != nil || found && deep {
			return nil
		}
		if found {
			return s.b[start:s.i]
		}
	}
	return nil
}
