package saved

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"winnow/internal/access"
)

// row parses the row that begins with text, reading on while a quote is open.
func (r *csvReader) row(text string) ([]string, *access.Fault) {
	if len(text) > r.t.opt.MaxLine {
		return nil, r.fault(text[:min(len(text), keptOfLong)], "is longer than the limit of a row", "")
	}
	whole, more := text, []string(nil)
	if _, err := r.parse(text); errors.Is(err, csv.ErrQuote) && strings.Count(text, `"`)%2 == 1 {
		more = r.untilClosed(len(text))
		whole += strings.Join(more, "")
	}
	cells, err := r.parse(whole)
	if err == nil && utf8.ValidString(whole) && len(cells) == len(r.t.Columns) {
		return cells, nil
	}
	if len(more) > 0 { // the quote was never closed: the lines after it stand for themselves
		r.queue = append(more, r.queue...)
		r.line -= len(more)
	}
	return nil, r.refuse(text, err)
}

// untilClosed reads lines up to the one that closes an open quote: the one that
// holds an odd number of quotes. It gives up after maxSpan lines.
func (r *csvReader) untilClosed(size int) (lines []string) {
	for len(lines) < maxSpan && size < r.t.opt.MaxLine {
		next, err := r.next()
		if next != "" {
			lines, size = append(lines, next), size+len(next)
		}
		if err != nil {
			r.err = err
			break
		}
		if strings.Count(next, `"`)%2 == 1 {
			break
		}
	}
	return lines
}

// refuse says what is wrong with a row.
func (r *csvReader) refuse(text string, err error) *access.Fault {
	cells, perr := r.parse(text)
	switch {
	case !utf8.ValidString(text):
		return r.fault(text, "holds bytes that are not UTF-8", notUTF8)
	case errors.Is(err, csv.ErrBareQuote):
		return r.fault(text, "has a quote inside a value that is not quoted", `write the value as "…" with each quote doubled`)
	case err != nil || perr != nil:
		return r.fault(text, "has a quote that is not closed, or text after a closing quote", `write quotes inside a quoted value twice: ""`)
	}
	return r.fault(text, fmt.Sprintf("has %d values where the header names %d columns", len(cells), len(r.t.Columns)),
		"put values that contain the delimiter in quotes")
}

// fault builds a fault of the row that begins at the reader's line.
func (r *csvReader) fault(text, reason, hint string) *access.Fault {
	f := r.t.file.Fault(r.line, bytes.TrimRight([]byte(text), "\r\n"), reason)
	f.Hint = hint
	return f
}

// parse splits one row into its values, without the blanks around them.
func (r *csvReader) parse(text string) ([]string, error) {
	text = strings.TrimRight(text, "\r\n")
	var cells []string
	if !strings.Contains(text, `"`) {
		cells = strings.Split(text, string(r.comma))
	} else {
		c := csv.NewReader(strings.NewReader(text))
		c.Comma, c.FieldsPerRecord = r.comma, -1
		var err error
		if cells, err = c.Read(); err != nil {
			return nil, err
		}
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells, nil
}
