package lake

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"winnow/internal/access"
)

// TextAt returns the scalar at a dotted path of an item, such as
// "properties.createdDateTime", and the empty string where there is none.
func TextAt(item []byte, path string) string {
	s := &scanner{b: item}
	raw := s.at(strings.Split(path, "."))
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n' {
		return ""
	}
	if raw[0] != '"' {
		return string(raw)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// errFound ends a walk at what was looked for.
var errFound = errors.New("found")

// at returns the raw bytes of the first value at the path, or nil.
func (s *scanner) at(path []string) (raw []byte) {
	if s.peek() != '{' {
		return nil
	}
	_ = s.members(func(key []byte, escaped bool) error {
		if indexOf([]Field{{Key: path[0]}}, key, escaped) < 0 {
			return s.skip()
		}
		s.space()
		start := s.i
		if len(path) > 1 && s.peek() == '{' {
			raw = s.at(path[1:])
			return errFound
		}
		if err := s.skip(); err != nil {
			return err
		}
		if len(path) == 1 {
			raw = s.b[start:s.i]
		}
		return errFound
	})
	return raw
}

// layouts are the forms in which platforms write an instant, most common first.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", time.DateOnly,
	"1/2/2006 3:04:05 PM", "1/2/2006, 3:04:05.999 PM",
	"2006-01-02 15:04:05.999999999Z07", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02 15:04Z07:00", // tables and spreadsheets
}

// ParseTime reads an instant in any of the platforms' forms; without a zone it
// is UTC. Instants before 1990 and after 2100 are refused: they are defaults
// and overflows, not times.
func ParseTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if y := t.UTC().Year(); y < 1990 || y > 2100 {
			return time.Time{}, &access.Fault{Value: text, Reason: "is outside the years 1990 to 2100"}
		}
		return t.UTC(), nil
	}
	return time.Time{}, &access.Fault{Value: text, Reason: "is not a time",
		Hint: "times are ISO 8601, for instance 2026-03-01T09:30:00Z; one without a zone is read as UTC"}
}
