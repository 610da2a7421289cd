package guard

import (
	"strings"
	"unicode/utf8"

	"winnow/recommend"
)

// The most that a sentence may hold. The longest of the catalogue has half of
// either.
const (
	maxSentence = 400 // bytes
	maxTokens   = 60  // words, slots and marks that the grammar sees; positions fit into 64 bits
)

// A token is one word, mark or slot of a sentence.
type token struct {
	text string          // word or mark; empty for a slot
	slot *recommend.Slot // nil for a word
}

// tidy takes spaces off the ends of a sentence, writes the apostrophe of a
// typesetter as the plain one, begins with a capital and ends with a full stop.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.Trim(text, " "), "’", "'")
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if text != "" && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// tokens parts a tidy sentence. Nothing but plain letters, slots and a few marks
// in their proper places comes through, so that no figure, link, markup, hidden
// sign or letter of another script can.
func tokens(text string) ([]token, Code) {
	if len(text) > maxSentence {
		return nil, Overlong
	}
	if !utf8.ValidString(text) {
		return nil, Character
	}
	s := scanner{rest: strings.TrimSuffix(text, "."), capital: true}
	for s.rest != "" {
		if code := s.next(); code != "" {
			return nil, code
		}
	}
	if s.open || s.gap || len(s.out) == 0 || s.after == ',' || s.after == ';' || s.after == ':' {
		return nil, Punctuation
	}
	if len(s.out) > maxTokens {
		return nil, Overlong
	}
	return s.out, ""
}

// A scanner reads a sentence from left to right.
type scanner struct {
	rest    string
	out     []token
	open    bool // within parentheses
	gap     bool // a space was read, and nothing since
	after   byte // the last mark, where nothing but a space came since; zero after a word or a slot
	capital bool // a capital may stand here: at the beginning
}

func (s *scanner) next() Code {
	c := s.rest[0]
	switch {
	case c == '{':
		return s.slot()
	case c == '\'':
		return s.possessive()
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return s.word()
	case c == ' ':
		if s.gap || len(s.out) == 0 || s.after == '(' {
			return Punctuation
		}
		s.gap = true
		s.rest = s.rest[1:]
		return ""
	case strings.IndexByte(",;:()", c) >= 0:
		return s.mark(c)
	}
	return Character
}

// apart reports whether a word or a slot may begin here.
func (s *scanner) apart() bool { return len(s.out) == 0 && s.after == 0 || s.gap || s.after == '(' }

func (s *scanner) slot() Code {
	inner, rest, closed := strings.Cut(s.rest, "}")
	slots, err := recommend.Slots(inner + "}")
	switch {
	case !closed || err != nil || len(slots) != 1:
		return ForeignSlot
	case !s.apart():
		return Punctuation
	}
	s.put(token{slot: &slots[0]}, rest)
	return ""
}

// possessive reads the s of "{identity}'s".
func (s *scanner) possessive() Code {
	if !strings.HasPrefix(s.rest, "'s ") || s.gap || s.after != 0 || len(s.out) == 0 {
		return Punctuation
	}
	s.put(token{text: "'s"}, s.rest[2:])
	return ""
}

// word reads a word, and the parts of one with hyphens as words of their own.
func (s *scanner) word() Code {
	if !s.apart() {
		return Punctuation
	}
	end := strings.IndexFunc(s.rest, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' })
	if end < 0 {
		end = len(s.rest)
	}
	text, rest := s.rest[:end], s.rest[end:]
	small := strings.ToLower(text)
	if text != small && (!s.capital || text[1:] != small[1:]) || strings.HasSuffix(text, "-") || strings.Contains(text, "--") {
		return Punctuation
	}
	for part := range strings.SplitSeq(small, "-") {
		s.put(token{text: part}, rest)
	}
	return ""
}

func (s *scanner) put(t token, rest string) {
	s.out, s.rest, s.gap, s.after, s.capital = append(s.out, t), rest, false, 0, false
}

// mark reads a comma, a semicolon, a colon or a parenthesis. Commas and
// parentheses are put where they please the writer and are not told to the
// grammar.
func (s *scanner) mark(c byte) Code {
	switch {
	case c == '(' && (!s.gap || s.open || s.after != 0),
		c != '(' && (s.gap || len(s.out) == 0 || s.after != 0 && s.after != ')'),
		c == ')' && !s.open, s.open && (c == ';' || c == ':'), s.after == ')' && c == ')':
		return Punctuation
	}
	if c == '(' || c == ')' {
		s.open = c == '('
	}
	if c == ';' || c == ':' {
		s.out = append(s.out, token{text: string(c)})
	}
	s.rest, s.after, s.gap = s.rest[1:], c, false
	return ""
}
