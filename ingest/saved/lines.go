package saved

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"winnow/internal/access"
)

// MaxLine is the longest line, in bytes, that is read unless the caller says
// otherwise. A page of a thousand events has about three megabytes.
const MaxLine = 16 << 20

// keptOfLong is how much of a line over the limit goes to quarantine.
const keptOfLong = 64 << 10

// A Line is one line of a file without its line end.
type Line struct {
	Body   []byte // valid until the next line is asked for
	Number int    // from 1
	Open   bool   // the file ends here without a line end
}

// Lines yields the lines of f that are not blank. A line over limit bytes is
// yielded as an *access.Fault that keeps its beginning; a file that breaks
// ends with *Truncated, after a fault with the line that was broken off.
func (f *File) Lines(limit int) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		var buf []byte
		for n := 1; ; n++ {
			body, size, err := f.line(buf[:0], limit)
			buf = body
			if err != nil && !errors.Is(err, io.EOF) {
				f.broken(body, n, err, yield)
				return
			}
			if !f.one(Line{body, n, err != nil}, size, limit, yield) || err != nil {
				return
			}
		}
	}
}

// one yields a line, or the fault of a line that is too long.
func (f *File) one(l Line, size, limit int, yield func(Line, error) bool) bool {
	if size > limit {
		fault := f.Fault(l.Number, l.Body[:min(len(l.Body), keptOfLong)], "is longer than the limit of a line")
		fault.Hint = "is the file really one JSON object a line?"
		return yield(Line{}, fault)
	}
	l.Body = bytes.TrimSpace(l.Body)
	return len(l.Body) == 0 || yield(l, nil)
}

// broken yields what there is of the last line, then the file's own error.
func (f *File) broken(body []byte, n int, err error, yield func(Line, error) bool) {
	if body = bytes.TrimSpace(body); len(body) > 0 {
		fault := f.Fault(n, body, "is cut short with its file")
		fault.Hint = "copy the file again in full"
		if !yield(Line{}, fault) {
			return
		}
	}
	yield(Line{}, cut(f.Path, n, err))
}

// line appends the next line to buf, of an overlong one its first limit
// bytes, and returns the line's true size.
func (f *File) line(buf []byte, limit int) (body []byte, size int, err error) {
	for {
		part, err := f.ReadSlice('\n')
		size += len(part)
		buf = append(buf, part[:min(len(part), max(0, limit+2-len(buf)))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, size, err
		}
	}
}

// Fault returns a fault at a line of f with a copy of its bytes.
func (f *File) Fault(line int, body []byte, reason string) *access.Fault {
	return &access.Fault{
		Origin: access.Origin{Place: f.Path, Line: line},
		Value:  clip(body), Reason: reason, Body: bytes.Clone(body),
	}
}

// clip returns the beginning of a value for a message.
func clip(b []byte) string { return string(b[:min(len(b), 60)]) }
