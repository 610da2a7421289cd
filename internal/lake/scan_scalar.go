package lake

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// scalar walks over a number or a literal name.
func (s *scanner) scalar(i int) (int, error) {
	switch s.b[i] {
	case 't':
		return s.word(i, "true")
	case 'f':
		return s.word(i, "false")
	case 'n':
		return s.word(i, "null")
	}
	return s.number(i)
}

// word walks over a literal name.
func (s *scanner) word(i int, w string) (int, error) {
	if len(s.b)-i < len(w) || string(s.b[i:i+len(w)]) != w {
		return i, errSyntax
	}
	return i + len(w), nil
}

// number walks over a number by the grammar of RFC 8259.
func (s *scanner) number(i int) (int, error) {
	b := s.b
	if i < len(b) && b[i] == '-' {
		i++
	}
	start := i
	if i = digits(b, i); i == start || i > start+1 && b[start] == '0' {
		return i, errSyntax
	}
	if i < len(b) && b[i] == '.' {
		start = i + 1
		if i = digits(b, start); i == start {
			return i, errSyntax
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		start = i
		if i = digits(b, start); i == start {
			return i, errSyntax
		}
	}
	return i, nil
}

// digits returns the first place from i on that holds no decimal digit.
func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

// special marks, by their top bits, those of eight bytes that a string may not
// hold without a second look: the quote, the backslash, control characters and
// what is not ASCII. A byte below 0x80 has its top bit in x - n where it is less
// than n, and so in (x ^ c) - 1 where it is c. Of the bytes from 0x80 on every
// one has its top bit in one of the last two. A borrow can mark a byte in error,
// but only above one that is marked rightly: the lowest mark is always right.
func special(v uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	return ((v - ones*0x20) | ((v ^ ones*'"') - ones) | ((v ^ ones*'\\') - ones)) & tops
}

// quoted walks over a string and tells whether it holds escapes.
func (s *scanner) quoted(i int) (end int, escaped bool, err error) {
	b := s.b
	for end = i + 1; end+8 <= len(b); end += 8 {
		if m := special(binary.LittleEndian.Uint64(b[end:])); m != 0 {
			if end += bits.TrailingZeros64(m) / 8; b[end] == '"' {
				return end + 1, false, nil
			}
			break
		}
	}
	return s.odd(i+1, end)
}

// plain returns the first place from i on that holds no plain byte, see special.
func plain(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if m := special(binary.LittleEndian.Uint64(b[i:])); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(b) && b[i] >= 0x20 && b[i] < utf8.RuneSelf && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// odd walks from i on over the rest of a string that begins at start and holds
// more than plain bytes, or ends with the item.
func (s *scanner) odd(start, i int) (end int, escaped bool, err error) {
	ascii := true
	for {
		if i = plain(s.b, i); i == len(s.b) {
			return i, escaped, errSyntax
		}
		switch c := s.b[i]; {
		case c == '"':
			if !ascii && !utf8.Valid(s.b[start:i]) {
				return i, escaped, errUTF8
			}
			return i + 1, escaped, nil
		case c == '\\':
			escaped, s.i = true, i
			if err := s.escape(); err != nil {
				return i, escaped, err
			}
			i = s.i
		case c < 0x20:
			return i, escaped, errControl
		default:
			for ascii = false; i < len(s.b) && s.b[i] >= utf8.RuneSelf; i++ {
			}
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
