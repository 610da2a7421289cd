package access

import (
	"fmt"
	"unicode"
)

// isUnprintable reports whether r could act on a terminal or disguise text:
// the control (Cc), format (Cf), surrogate, private and line-separator classes.
func isUnprintable(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
}

// escapeRune writes r as a Go escape, for instance \u202e.
func escapeRune(r rune) string {
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
