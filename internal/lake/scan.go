package lake

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"unicode/utf8"
)

// maxDepth bounds the nesting of an item, so that a hostile answer cannot
// exhaust the stack.
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
}

// space skips JSON white space.
func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// peek returns the next byte that is not white space, or 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.b) && s.b[s.i] > ' ' {
		return s.b[s.i]
	}
	s.space()
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// eat consumes c, or fails.
func (s *scanner) eat(c byte) error {
	if s.peek() != c {
		return errSyntax
	}
	s.i++
	return nil
}

// skip walks over one value of any type.
func (s *scanner) skip() error {
	switch c := s.peek(); c {
	case '{':
		return s.skipObject()
	case '[':
		return s.skipArray()
	case '"':
		_, _, err := s.str()
		return err
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		return s.number()
	}
}

// skipObject is members for nobody: most of an event is read by no model, and a
// call for each of its keys would cost as much as walking over it.
func (s *scanner) skipObject() error {
	if err := s.open('{'); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		if s.peek() != '"' {
			return errSyntax
		}
		if _, _, err := s.str(); err != nil {
			return err
		}
		if err := s.eat(':'); err != nil {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
		if done, err := s.next('}'); done || err != nil {
			return err
		}
	}
}

// skipArray is elements for nobody.
func (s *scanner) skipArray() error {
	if err := s.open('['); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := s.skip(); err != nil {
			return err
		}
		if done, err := s.next(']'); done || err != nil {
			return err
		}
	}
}

// members walks over an object and calls f at the start of each value with the
// raw key, without its quotes, and whether the key holds escapes.
func (s *scanner) members(f func(key []byte, escaped bool) error) error {
	if err := s.open('{'); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		if s.peek() != '"' {
			return errSyntax
		}
		key, escaped, err := s.str()
		if err != nil {
			return err
		}
		if err := s.eat(':'); err != nil {
			return err
		}
		if err := f(key, escaped); err != nil {
			return err
		}
		if done, err := s.next('}'); done || err != nil {
			return err
		}
	}
}

// elements walks over an array and calls f at the start of each element.
func (s *scanner) elements(f func() error) error {
	if err := s.open('['); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := f(); err != nil {
			return err
		}
		if done, err := s.next(']'); done || err != nil {
			return err
		}
	}
}

// open consumes the opening bracket and counts the depth.
func (s *scanner) open(c byte) error {
	if s.depth++; s.depth > maxDepth {
		return errDepth
	}
	return s.eat(c)
}

// next consumes a comma, or the closing bracket, which it reports.
func (s *scanner) next(end byte) (bool, error) {
	switch s.peek() {
	case ',':
		s.i++
		return false, nil
	case end:
		s.i++
		return true, nil
	}
	return false, errSyntax
}

// word consumes a literal name.
func (s *scanner) word(w string) error {
	if len(s.b)-s.i < len(w) || string(s.b[s.i:s.i+len(w)]) != w {
		return errSyntax
	}
	s.i += len(w)
	return nil
}

// number consumes a number by the grammar of RFC 8259.
func (s *scanner) number() error {
	if s.i < len(s.b) && s.b[s.i] == '-' {
		s.i++
	}
	zero := s.i < len(s.b) && s.b[s.i] == '0'
	n := s.digits()
	if n == 0 || zero && n > 1 {
		return errSyntax
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if s.digits() == 0 {
			return errSyntax
		}
	}
	if s.i < len(s.b) && (s.b[s.i] == 'e' || s.b[s.i] == 'E') {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		if s.digits() == 0 {
			return errSyntax
		}
	}
	return nil
}

// digits consumes decimal digits and returns how many there were.
func (s *scanner) digits() int {
	start := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i - start
}

// plain marks the bytes that a string may hold without a second look: ASCII but
// for the quote, the backslash and the control characters.
var plain = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// special marks, by their top bits, the bytes among eight that are not plain. A
// byte is zero where (x - 0x01…) &^ x has its top bit (Warren, Hacker's Delight,
// section 6-1), and likewise for what is compared with by exclusive or. A borrow
// can mark a byte in error, but only above one that is marked rightly: the lowest
// mark is always right.
func special(v uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := v^(ones*'"'), v^(ones*'\\')
	return (v | (v - ones*0x20) | (quote-ones)&^quote | (backslash-ones)&^backslash) & tops
}

// run returns how many plain bytes b begins with.
func run(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(b) && plain[b[i]] {
		i++
	}
	return i
}

// str consumes a string and returns its raw bytes between the quotes and
// whether they hold escapes.
func (s *scanner) str() (raw []byte, escaped bool, err error) {
	s.i++ // the opening quote
	b, i, start, ascii := s.b, s.i, s.i, true
	for {
		i += run(b[i:])
		if i == len(b) {
			return nil, false, errSyntax
		}
		switch c := b[i]; {
		case c == '"':
			raw, s.i = b[start:i], i+1
			if !ascii && !utf8.Valid(raw) {
				return nil, false, errUTF8
			}
			return raw, escaped, nil
		case c == '\\':
			escaped, s.i = true, i
			if err := s.escape(); err != nil {
				return nil, false, err
			}
			i = s.i
		case c < 0x20:
			return nil, false, errControl
		default:
			ascii = false
			i++
		}
	}
}

// escape consumes one escape sequence; of a surrogate pair both halves.
func (s *scanner) escape() error {
	s.i++
	if s.i == len(s.b) {
		return errSyntax
	}
	switch s.b[s.i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.i++
		return nil
	case 'u':
	default:
		return errSyntax
	}
	r, err := s.hex4()
	if err != nil {
		return err
	}
	switch {
	case r >= 0xdc00 && r < 0xe000:
		return errSurrogate
	case r < 0xd800 || r >= 0xe000:
		return nil
	}
	if len(s.b)-s.i < 2 || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
		return errSurrogate
	}
	s.i++
	if low, err := s.hex4(); err != nil || low < 0xdc00 || low >= 0xe000 {
		return errSurrogate
	}
	return nil
}

// hex4 consumes a u and four hexadecimal digits.
func (s *scanner) hex4() (rune, error) {
	if len(s.b)-s.i < 5 {
		return 0, errSyntax
	}
	var r rune
	for _, c := range s.b[s.i+1 : s.i+5] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, errSyntax
		}
		r = r<<4 | rune(c)
	}
	s.i += 5
	return r, nil
}
