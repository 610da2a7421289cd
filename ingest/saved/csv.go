package saved

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"winnow/internal/access"
)

// maxSpan is over how many lines a quoted value may stretch. Beyond it the
// quote is taken for one that was never closed, and costs its own line only.
const maxSpan = 200

// A csvReader frames the rows of a CSV file. encoding/csv judges each row; the
// framing is done here so that one broken quote does not swallow the file.
type csvReader struct {
	t     *Table
	comma rune
	line  int      // of the last line that was read
	queue []string // lines that were read ahead, with their line ends
	err   error    // what ended the reading ahead
}

// csv reads the header and prepares the rows.
func (t *Table) csv() error {
	r := &csvReader{t: t}
	head, err := r.next()
	if rest, ok := strings.CutPrefix(strings.TrimSpace(head), "sep="); ok && len(rest) == 1 && err == nil {
		r.comma = rune(rest[0]) // what spreadsheets write before the header
		head, err = r.next()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return cut(t.path, r.line, err)
	}
	if r.comma == 0 {
		r.comma = delimiter(head)
	}
	if t.Columns, err = r.header(head); err != nil {
		return fmt.Errorf("read the header of %s: %w", t.path, err)
	}
	t.rows = r.rows
	return nil
}

// delimiter is the candidate that stands most often in the header outside
// quotes; a comma where none does.
func delimiter(head string) rune {
	count := map[rune]int{}
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			count[c]++
		}
	}
	best := ','
	for _, c := range ";\t|" {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// header parses the first row and checks that it names each column once.
func (r *csvReader) header(head string) ([]string, error) {
	if !utf8.ValidString(head) {
		return nil, access.WithHint(errors.New("holds bytes that are not UTF-8"), notUTF8)
	}
	names, err := r.parse(head)
	if err != nil {
		return nil, err
	}
	for i, n := range names {
		if n == "" {
			return nil, access.WithHint(fmt.Errorf("column %d has no name", i+1), "the first row names every column, each once")
		}
		if slices.Contains(names[:i], n) {
			return nil, access.WithHint(fmt.Errorf("column %q stands twice", n), "the first row names every column, each once")
		}
	}
	return names, nil
}

const notUTF8 = "save the file as UTF-8; it looks like Windows-1252 or Latin-1"

// rows yields the rows below the header.
func (r *csvReader) rows(ctx context.Context, yield func(Row, error) bool) {
	for ctx.Err() == nil {
		text, err := r.next()
		at := r.line
		if err != nil && !errors.Is(err, io.EOF) {
			r.broken(text, at, err, yield)
			return
		}
		if strings.TrimSpace(text) == "" {
			if err != nil {
				return
			}
			continue
		}
		cells, fault := r.row(text)
		switch {
		case fault != nil && err != nil && !strings.HasSuffix(text, "\n"): // the file was cut in mid-row
			r.broken(text, at, io.ErrUnexpectedEOF, yield)
			return
		case fault != nil:
			fault.Origin.Line = at
			if !yield(Row{}, fault) {
				return
			}
		case !yield(Row{Line: at, Columns: r.t.Columns, Cells: cells}, nil):
			return
		}
	}
	yield(Row{}, ctx.Err())
}

// broken yields what there is of the last row, then the file's own error.
func (r *csvReader) broken(text string, at int, err error, yield func(Row, error) bool) {
	r.t.file.broken([]byte(strings.TrimSpace(text)), at, err, func(_ Line, err error) bool { return yield(Row{}, err) })
}

// next returns the next line with its end, from the queue first.
func (r *csvReader) next() (string, error) {
	if len(r.queue) > 0 {
		r.line++
		text := r.queue[0]
		if r.queue = r.queue[1:]; len(r.queue) == 0 {
			return text, r.err
		}
		return text, nil
	}
	if r.err != nil {
		return "", r.err
	}
	body, _, err := r.t.file.line(nil, r.t.opt.MaxLine)
	if len(body) > 0 {
		r.line++
	}
	return string(body), err
}
