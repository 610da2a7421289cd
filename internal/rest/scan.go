package rest

import (
	"bytes"
	"errors"
	"fmt"
)

// A scanner finds where JSON values begin and end. It checks the frame, not the
// grammar inside: whoever reads an item validates it.
type scanner struct {
	b []byte
	i int
}

// errShort says that the text ends inside a value.
var errShort = errors.New("read the answer: the json breaks off")

// elements yields the elements of the array at the scanner. walk, which may be
// nil, may know how long an element is.
func (s *scanner) elements(walk func([]byte) int, yield func([]byte, error) bool) {
	if s.space(); !s.eat('[') {
		yield(nil, errors.New("read the list: not a json array"))
		return
	}
	for s.space(); !s.eat(']'); s.space() {
		v, err := s.element(walk)
		if err != nil {
			yield(nil, err)
			return
		}
		if !yield(v, nil) {
			return
		}
		if s.space(); s.eat(',') {
			continue
		}
		if s.peek() != ']' {
			yield(nil, s.broken())
			return
		}
	}
}

// element returns the bytes of the element at the scanner and moves past it.
func (s *scanner) element(walk func([]byte) int) ([]byte, error) {
	if walk != nil {
		if n := walk(s.b[s.i:]); n > 0 {
			s.i += n
			return s.b[s.i-n : s.i], nil
		}
	}
	return s.value()
}

// value returns the bytes of the value at the scanner and moves past it.
func (s *scanner) value() ([]byte, error) {
	start := s.i
	switch s.peek() {
	case 0:
		return nil, errShort
	case '"':
		if err := s.str(); err != nil {
			return nil, err
		}
	case '{', '[':
		if err := s.nested(); err != nil {
			return nil, err
		}
	default:
		for s.i < len(s.b) && bytes.IndexByte([]byte(" \t\r\n,]}:"), s.b[s.i]) < 0 {
			s.i++
		}
	}
	if s.i == start {
		return nil, s.broken()
	}
	return s.b[start:s.i], nil
}

// nested moves past an object or an array.
func (s *scanner) nested() error {
	depth := 0
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case '"':
			if err := s.str(); err != nil {
				return err
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.i++
		if depth == 0 {
			return nil
		}
	}
	return errShort
}

// str moves past a string: to the first quote that no odd run of backslashes
// stands before.
func (s *scanner) str() error {
	start := s.i + 1
	for s.i = start; ; s.i++ {
		n := bytes.IndexByte(s.b[s.i:], '"')
		if n < 0 {
			s.i = len(s.b)
			return errShort
		}
		s.i += n
		back := s.i
		for back > start && s.b[back-1] == '\\' {
			back--
		}
		if (s.i-back)%2 == 0 {
			s.i++
			return nil
		}
	}
}

// space moves past white space and, at the start, a byte order mark.
func (s *scanner) space() {
	if s.i == 0 && bytes.HasPrefix(s.b, []byte("\xef\xbb\xbf")) {
		s.i = 3
	}
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\t' || s.b[s.i] == '\r' || s.b[s.i] == '\n') {
		s.i++
	}
}

// eat moves past c when it is next.
func (s *scanner) eat(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

// peek returns the next byte, and 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// broken names the place where the frame does not hold.
func (s *scanner) broken() error {
	if s.i >= len(s.b) {
		return errShort
	}
	return fmt.Errorf("read the answer: broken json at byte %d", s.i)
}
