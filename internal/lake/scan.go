package lake

import "errors"

// maxDepth bounds the nesting of an item, so that a hostile answer cannot
// exhaust the stack. It is a multiple of 64.
const maxDepth = 512

var (
	errSyntax    = errors.New("is not JSON")
	errUTF8      = errors.New("holds bytes that are not UTF-8")
	errSurrogate = errors.New("holds half of a surrogate pair")
	errControl   = errors.New("holds a raw control character")
	errDepth     = errors.New("is nested too deeply")
	errTrailing  = errors.New("has content after its end")
)

// A scanner walks JSON bytes once, without decoding. It is as strict as the
// reader of the storage engine, which fails a whole file for one bad line.
type scanner struct {
	b     []byte
	i     int
	depth int

	objects [maxDepth / 64]uint64 // a bit for each level that skip is in: set in an object, clear in an array

	stamp *Field // the field that holds the event's own time, or nil
	at    []byte // its raw value, once it was passed
}

// space returns the first place from i on that holds no JSON white space.
func space(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// peek returns the next byte that is not white space, or 0 at the end.
func (s *scanner) peek() byte {
	s.i = space(s.b, s.i)
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// first enters an object or an array, and reports whether it holds anything.
func (s *scanner) first(open, end byte) (more bool, err error) {
	if s.depth++; s.depth > maxDepth {
		return false, errDepth
	}
	if s.peek() != open {
		return false, errSyntax
	}
	if s.i++; s.peek() != end {
		return true, nil
	}
	s.i++
	s.depth--
	return false, nil
}

// next consumes a comma, after which there is more, or the closing bracket.
func (s *scanner) next(end byte) (more bool, err error) {
	switch s.peek() {
	case ',':
		s.i++
		return true, nil
	case end:
		s.i++
		s.depth--
		return false, nil
	}
	return false, errSyntax
}

// key consumes a member's name and its colon. It returns the raw name, without
// its quotes, and whether it holds escapes.
func (s *scanner) key() (raw []byte, escaped bool, err error) {
	if s.peek() != '"' {
		return nil, false, errSyntax
	}
	start := s.i + 1
	if s.i, escaped, err = s.quoted(s.i); err != nil {
		return nil, false, err
	}
	raw = s.b[start : s.i-1]
	if s.peek() != ':' {
		return nil, false, errSyntax
	}
	s.i++
	return raw, escaped, nil
}

// skip walks over one value of any type. Most of an event is read by no model,
// so that this is where the time goes: the place is kept in a variable, and what
// the value is nested in takes a bit a level and no call.
func (s *scanner) skip() error {
	outer, named := s.depth, false
	for i := s.i; ; {
		var err error
		if named {
			if i, err = s.name(i); err != nil {
				return err
			}
		}
		if i = space(s.b, i); i == len(s.b) {
			return errSyntax
		}
		switch c := s.b[i]; c {
		case '"':
			i, _, err = s.quoted(i)
		case '{', '[':
			if i, err = s.enter(i); err == nil && s.b[i-1] == c {
				named = c == '{'
				continue
			}
		default:
			i, err = s.scalar(i)
		}
		if err != nil {
			return err
		}
		if i, named, err = s.leave(i, outer); err != nil {
			return err
		}
		if s.depth == outer {
			s.i = i
			return nil
		}
	}
}

// enter consumes an opening bracket, and the closing one where nothing stands
// between them: the place is after the last that was consumed.
func (s *scanner) enter(i int) (int, error) {
	if s.depth == maxDepth {
		return i, errDepth
	}
	const closing = '}' - '{' // as far as ']' from '['
	c, after := s.b[i], space(s.b, i+1)
	if after < len(s.b) && s.b[after] == c+closing {
		return after + 1, nil
	}
	bit := uint64(1) << (s.depth % 64)
	if c == '{' {
		s.objects[s.depth/64] |= bit
	} else {
		s.objects[s.depth/64] &^= bit
	}
	s.depth++
	return i + 1, nil
}

// leave consumes what follows a value: the brackets that close after it, down
// to the level outer, and a comma above that. It reports whether a member's name
// is to follow.
func (s *scanner) leave(i, outer int) (int, bool, error) {
	for s.depth > outer {
		if i = space(s.b, i); i == len(s.b) {
			return i, false, errSyntax
		}
		top := s.depth - 1
		object := s.objects[top/64]>>(top%64)&1 != 0
		switch c := s.b[i]; {
		case c == ',':
			return i + 1, object, nil
		case c == '}' && object, c == ']' && !object:
			s.depth--
			i++
		default:
			return i, false, errSyntax
		}
	}
	return i, false, nil
}

// name walks over a member's name and its colon.
func (s *scanner) name(i int) (int, error) {
	if i = space(s.b, i); i == len(s.b) || s.b[i] != '"' {
		return i, errSyntax
	}
	i, _, err := s.quoted(i)
	if err != nil {
		return i, err
	}
	if i = space(s.b, i); i == len(s.b) || s.b[i] != ':' {
		return i, errSyntax
	}
	return i + 1, nil
}
