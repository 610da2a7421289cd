package lake

import (
	"encoding/json"
	"errors"

	"winnow/internal/access"
)

// Check reports whether the item fits the shape, as an *access.Fault that
// names the field, the value and the reason. An item that passes is one JSON
// object that the models' read_json accepts.
func (s Shape) Check(item []byte) error {
	sc := &scanner{b: item}
	if sc.peek() != '{' {
		if err := sc.skip(); err != nil {
			return itemFault(item, err)
		}
		return &access.Fault{Reason: "is not a JSON object", Value: clip(item), Body: item}
	}
	if err := sc.object(s, ""); err != nil {
		return itemFault(item, err)
	}
	if sc.peek() != 0 {
		return itemFault(item, errTrailing)
	}
	return nil
}

// itemFault turns a scanner's error into a fault with the item's bytes.
func itemFault(item []byte, err error) error {
	var f *access.Fault
	if errors.As(err, &f) {
		f.Body = item
		return f
	}
	return &access.Fault{Reason: err.Error(), Value: clip(item), Body: item}
}

// object checks the members of an object against the fields.
func (s *scanner) object(fields []Field, path string) error {
	var seen uint64
	err := s.members(func(key []byte, escaped bool) error {
		i := indexOf(fields, key, escaped)
		if i < 0 {
			return s.skip()
		}
		if seen&(1<<i) != 0 {
			return &access.Fault{Field: join(path, fields[i].Key), Reason: "stands twice in one object"}
		}
		seen |= 1 << i
		return s.field(&fields[i], path)
	})
	if err != nil {
		return err
	}
	for i := range fields {
		if fields[i].Required && seen&(1<<i) == 0 {
			return &access.Fault{Field: join(path, fields[i].Key), Reason: "is missing"}
		}
	}
	return nil
}

// field checks one value against what its field demands.
func (s *scanner) field(f *Field, path string) error {
	c, start := s.peek(), s.i
	if c == 'n' {
		if err := s.word("null"); err != nil || !f.Required {
			return err
		}
		return s.fault(f, path, start, "is null")
	}
	switch f.Type {
	case Any:
		return s.skip()
	case Text:
		return s.text(f, path)
	case Object:
		if c != '{' {
			return s.fault(f, path, start, "is not an object")
		}
		return s.object(f.Fields, join(path, f.Key))
	default:
		if c != '[' {
			return s.fault(f, path, start, "is not an array")
		}
		return s.elements(func() error { return s.element(f, path) })
	}
}

// text checks a scalar; objects and arrays would be read as their JSON text,
// which no model expects.
func (s *scanner) text(f *Field, path string) error {
	c, start := s.peek(), s.i
	if c == '{' || c == '[' {
		return s.fault(f, path, start, "is not a scalar")
	}
	if c == '"' {
		raw, _, err := s.str()
		if err == nil && f.Required && len(raw) == 0 {
			return s.fault(f, path, start, "is empty")
		}
		return err
	}
	return s.skip()
}

// element checks one element of an array; null is accepted.
func (s *scanner) element(f *Field, path string) error {
	c, start := s.peek(), s.i
	switch {
	case c == 'n':
		return s.word("null")
	case f.Type == Objects && c != '{':
		return s.fault(f, path, start, "has an element that is not an object")
	case f.Type == Texts && (c == '{' || c == '['):
		return s.fault(f, path, start, "has an element that is not a scalar")
	case f.Type == Objects:
		return s.object(f.Fields, join(path, f.Key))
	}
	return s.skip()
}

// fault names the field and the value that starts at start.
func (s *scanner) fault(f *Field, path string, start int, reason string) error {
	return &access.Fault{Field: join(path, f.Key), Value: clip(s.b[start:]), Reason: reason}
}

// indexOf finds the field that a raw key names, or -1.
func indexOf(fields []Field, key []byte, escaped bool) int {
	if escaped {
		var name string
		if json.Unmarshal([]byte(`"`+string(key)+`"`), &name) != nil {
			return -1
		}
		key = []byte(name)
	}
	for i := range fields {
		if fields[i].Key == string(key) {
			return i
		}
	}
	return -1
}

// join appends a key to a dotted path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// clip returns the first bytes of a value for a message.
func clip(b []byte) string {
	const limit = 60
	if len(b) > limit {
		b = b[:limit]
	}
	return string(b)
}
