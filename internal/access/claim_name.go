package access

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameLimit is the length in runes to which a name is shortened where it stands
// in a sentence.
const NameLimit = 60

// CleanName makes a name that strangers could write fit for one line of text:
// runs of white space become one space, runes that act on a terminal or turn
// the reading direction are escaped, and what is longer than limit runes ends
// in an ellipsis. The result never has more than limit runes.
func CleanName(name string, limit int) string {
	runes := make([]rune, 0, max(0, min(limit, len(name))))
	for _, r := range strings.Join(strings.FieldsFunc(name, unicode.IsSpace), " ") {
		before := len(runes)
		if r > unicode.MaxASCII && isUnprintable(r) || r < ' ' || r == 0x7f {
			runes = append(runes, []rune(escapeRune(r))...)
		} else {
			runes = append(runes, r)
		}
		if len(runes) > limit {
			return shorten(runes[:before], limit)
		}
	}
	return string(runes)
}

// shorten puts an ellipsis after the runes, and takes one away where there is
// no room left for it.
func shorten(runes []rune, limit int) string {
	if limit <= 0 {
		return ""
	}
	runes = runes[:min(len(runes), limit-1)]
	return strings.TrimRight(string(runes), " ") + "…"
}

// QuoteName cleans a name, shortens it to NameLimit and sets it in the quotation
// marks of a language. Marks inside the name become apostrophes, so that a name
// cannot close its own quotation and go on as if it were our sentence.
func QuoteName(name, opening, closing string) string {
	inner := strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"“”„‟«»‹›「」『』＂", r) {
			return '\''
		}
		return r
	}, CleanName(name, NameLimit))
	return opening + inner + closing
}

// Truncate cuts s to at most limit runes, the last of which is then an
// ellipsis.
func Truncate(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return shorten([]rune(s), limit)
}
