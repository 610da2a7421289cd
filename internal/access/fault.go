package access

import (
	"errors"
	"strings"
)

// A Fault is an item that was received and refused. It is kept in quarantine
// with its bytes; the rest of the stream goes on.
type Fault struct {
	Origin Origin
	Field  string // the field at fault, as a dotted path; empty for the whole item
	Value  string // the offending value, shortened
	Reason string // lower-case words, for instance "is not a date"
	Hint   string // the way out, one sentence
	Body   []byte // the raw bytes
	Day    Day    // of an event, where its time can be told all the same; else empty
}

// Error describes the fault in one line: place, field, value, reason.
func (f *Fault) Error() string {
	var b strings.Builder
	if s := f.Origin.String(); s != "" {
		b.WriteString(s + ": ")
	}
	if f.Field != "" {
		b.WriteString(f.Field + " ")
	}
	if f.Value != "" {
		b.WriteString(quoteShort(f.Value) + " ")
	}
	b.WriteString(f.Reason)
	return b.String()
}

// A Hinted error carries the way out beside its cause.
type Hinted struct {
	Err  error
	Hint string
}

// Error returns the cause's message, without the hint.
func (h *Hinted) Error() string { return h.Err.Error() }

// Unwrap returns the cause.
func (h *Hinted) Unwrap() error { return h.Err }

// WithHint wraps err with the way out. It returns nil for a nil error.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &Hinted{Err: err, Hint: hint}
}

// HintOf returns the outermost hint in err's chain, or the empty string.
func HintOf(err error) string {
	var h *Hinted
	if errors.As(err, &h) {
		return h.Hint
	}
	var f *Fault
	if errors.As(err, &f) {
		return f.Hint
	}
	return ""
}

// quoteShort quotes s for a terminal: control characters are escaped and long
// values are cut, since values come from directories that strangers can write.
func quoteShort(s string) string {
	const limit = 80
	r := []rune(s)
	if len(r) > limit {
		r = append(r[:limit:limit], '…')
	}
	return Printable(`"` + string(r) + `"`)
}

// Printable replaces every control, format and bidirectional-override rune of
// s by its escaped form, so that a hostile name cannot move a terminal's
// cursor or reverse a line.
func Printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if isUnprintable(r) {
			b.WriteString(escapeRune(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
