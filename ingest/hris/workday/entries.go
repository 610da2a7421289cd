package workday

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"winnow/ingest/hris"
	"winnow/ingest/saved"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// rootKey is the member of a report's answer that holds its rows.
const rootKey = "Report_Entry"

// entries yields the rows of a report in JSON as they arrive: one row is held
// at a time. There is no place to go on from after broken JSON, so it ends the
// stream.
func (s *Source) entries(_ context.Context, _ access.StreamName, answer *rest.Stream) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		w := &walk{place: answer.URL, yield: yield}
		limited := &rowReader{r: answer, max: int64(s.maxRow)}
		w.dec = json.NewDecoder(limited)
		limited.from = w.dec.InputOffset
		if err := w.document(); err != nil && !errors.Is(err, errStopped) {
			yield(access.Record{}, fmt.Errorf("read the report after %d rows: %w", w.n, err))
		}
	}
}

// errStopped says that the caller wants no more.
var errStopped = errors.New("the caller stopped")

// A walk reads one answer from its first to its last byte.
type walk struct {
	dec   *json.Decoder
	place string
	n     int
	yield func(access.Record, error) bool
}

// document reads the root object. An answer that ends before its closing
// bracket is an error, and so is one without rows that says something else.
func (w *walk) document() error {
	if err := w.expect('{'); err != nil {
		return err
	}
	found, others := false, 0
	for w.dec.More() {
		key, err := w.dec.Token()
		if err != nil {
			return whole(err)
		}
		if key == rootKey {
			found = true
			err = w.rows()
		} else {
			others++
			err = w.dec.Decode(new(json.RawMessage))
		}
		if err != nil {
			return whole(err)
		}
	}
	if err := w.expect('}'); err != nil {
		return err
	}
	if !found && others > 0 {
		return access.WithHint(errors.New("the answer has no "+rootKey), "is it a report as a service, in JSON?")
	}
	return nil
}

// rows yields the elements of the array.
func (w *walk) rows() error {
	if err := w.expect('['); err != nil {
		return err
	}
	for w.dec.More() {
		var row json.RawMessage
		if err := w.dec.Decode(&row); err != nil {
			return whole(err)
		}
		w.n++
		if !w.yield(access.Record{Body: oneLine(row), Origin: access.Origin{Place: w.place, Line: w.n}}, nil) {
			return errStopped
		}
	}
	return w.expect(']')
}

// expect reads a bracket.
func (w *walk) expect(bracket json.Delim) error {
	t, err := w.dec.Token()
	if err != nil {
		return whole(err)
	}
	if t != bracket {
		return fmt.Errorf("the answer has %v where %v should stand", t, bracket)
	}
	return nil
}

// whole names an end that comes too early.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the answer breaks off: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// oneLine removes the line ends between a row's tokens: a landed row is one
// line. Other rows are left as they are.
func oneLine(row []byte) []byte {
	if bytes.ContainsAny(row, "\r\n") {
		var out bytes.Buffer
		if json.Compact(&out, row) == nil {
			return out.Bytes()
		}
	}
	return row
}

// A rowReader refuses a row that is larger than max bytes, which the decoder
// would hold.
type rowReader struct {
	r    io.Reader
	max  int64
	read int64
	from func() int64 // up to where the decoder is done
}

// Read implements io.Reader.
func (l *rowReader) Read(p []byte) (int, error) {
	if l.read-l.from() > l.max {
		return 0, fmt.Errorf("a row has more than %d bytes", l.max)
	}
	n, err := l.r.Read(p)
	l.read += int64(n)
	return n, err
}

// table yields the rows of a report in CSV as they arrive.
func (s *Source) table(ctx context.Context, stream access.StreamName, answer *rest.Stream) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		table, err := saved.NewTable(ctx, answer.URL, answer, saved.TableOptions{MaxLine: s.maxRow})
		if err != nil {
			yield(access.Record{}, fmt.Errorf("read the report: %w", err))
			return
		}
		if table.Columns == nil {
			yield(access.Record{}, access.WithHint(errors.New("read the report: the answer is no csv"), "set the source's format to json"))
			return
		}
		if err := s.columns.Complete(answer.URL, stream, table.Columns); err != nil {
			yield(access.Record{}, err)
			return
		}
		for row, err := range table.Rows(ctx) {
			rec := access.Record{Origin: access.Origin{Place: answer.URL, Line: row.Line}}
			if err == nil {
				rec.Body = hris.Body(row)
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}
