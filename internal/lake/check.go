package lake

import (
	"encoding/json"
	"errors"

	"winnow/internal/access"
)

// Check reports whether the item fits the shape, as an *access.Fault that
// names the field, the value and the reason. An item that passes is one JSON
// object that the models' read_json accepts.
func (s Shape) Check(item []byte) error { return s.check(&scanner{b: item}) }

// check walks over all that the scanner holds.
func (s Shape) check(sc *scanner) error {
	if sc.peek() != '{' {
		if err := sc.skip(); err != nil {
			return itemFault(sc.b, err)
		}
		return &access.Fault{Reason: "is not a JSON object", Value: clip(sc.b), Body: sc.b}
	}
	if err := sc.object(s); err != nil {
		return itemFault(sc.b, err)
	}
	if space(sc.b, sc.i) < len(sc.b) {
		return itemFault(sc.b, errTrailing)
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
func (s *scanner) object(fields []Field) error {
	var seen uint64
	more, err := s.first('{', '}')
	for ; more && err == nil; more, err = s.next('}') {
		key, escaped, err := s.key()
		if err != nil {
			return err
		}
		i := indexOf(fields, key, escaped)
		switch {
		case i < 0:
			err = s.skip()
		case seen&(1<<i) != 0:
			err = &access.Fault{Field: fields[i].Key, Reason: "stands twice in one object"}
		default:
			seen |= 1 << i
			err = s.field(&fields[i])
		}
		if err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	for i := range fields {
		if fields[i].Required && seen&(1<<i) == 0 {
			return &access.Fault{Field: fields[i].Key, Reason: "is missing"}
		}
	}
	return nil
}

// field checks one value against what its field demands.
func (s *scanner) field(f *Field) error {
	c, start := s.peek(), s.i
	if c == 'n' {
		if err := s.skip(); err != nil || !f.Required {
			return err
		}
		return s.fault(f, start, "is null")
	}
	switch f.Type {
	case Any:
		return s.skip()
	case Text:
		err := s.text(f, c)
		if f == s.stamp {
			s.at = s.b[start:s.i]
		}
		return err
	case Object:
		if c != '{' {
			return s.fault(f, start, "is not an object")
		}
		return within(f, s.object(f.Fields))
	default:
		if c != '[' {
			return s.fault(f, start, "is not an array")
		}
		return s.elements(f)
	}
}

// text checks a scalar; objects and arrays would be read as their JSON text,
// which no model expects.
func (s *scanner) text(f *Field, c byte) error {
	start := s.i
	if c == '{' || c == '[' {
		return s.fault(f, start, "is not a scalar")
	}
	err := s.skip()
	if err == nil && f.Required && string(s.b[start:s.i]) == `""` {
		return s.fault(f, start, "is empty")
	}
	return err
}

// elements checks the elements of an array; null is accepted.
func (s *scanner) elements(f *Field) error {
	more, err := s.first('[', ']')
	for ; more && err == nil; more, err = s.next(']') {
		c, start := s.peek(), s.i
		switch {
		case f.Type == Objects && c == '{':
			err = within(f, s.object(f.Fields))
		case f.Type == Objects && c != 'n':
			err = s.fault(f, start, "has an element that is not an object")
		case f.Type == Texts && (c == '{' || c == '['):
			err = s.fault(f, start, "has an element that is not a scalar")
		default:
			err = s.skip()
		}
		if err != nil {
			return err
		}
	}
	return err
}

// fault names the field and the value that starts at start.
func (s *scanner) fault(f *Field, start int, reason string) error {
	return &access.Fault{Field: f.Key, Value: clip(s.b[start:]), Reason: reason}
}

// within puts the field in which a fault was found before the fault's own.
func within(f *Field, err error) error {
	if err == nil {
		return nil
	}
	var fault *access.Fault
	if errors.As(err, &fault) {
		fault.Field = f.Key + "." + fault.Field
	}
	return err
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

// clip returns the first bytes of a value for a message.
func clip(b []byte) string {
	const limit = 60
	if len(b) > limit {
		b = b[:limit]
	}
	return string(b)
}
