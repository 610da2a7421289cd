package saved

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"winnow/internal/access"
)

// TableOptions steer how a table is read.
type TableOptions struct {
	MaxLine int // bytes of one row; 0 means MaxLine

	// Parquet yields the rows of a Parquet file as JSON objects with the
	// columns in the file's order. Nil refuses such files.
	Parquet func(ctx context.Context, path string) iter.Seq2[[]byte, error]
}

// A Table is a file of rows: CSV with a header, NDJSON or Parquet, told apart
// by content, packed with gzip or Zstandard or not at all.
type Table struct {
	// Columns are the header's names, or those of a Parquet file's first row;
	// nil for NDJSON, whose rows have their own keys.
	Columns []string

	path string
	file *File
	opt  TableOptions
	rows func(ctx context.Context, yield func(Row, error) bool)
	temp string // folder of an unpacked Parquet file
}

// A Row is one row of a table. It is valid until the next one is asked for.
type Row struct {
	Line    int      // where it began, from 1; in Parquet and indented JSON its position
	Body    []byte   // the JSON object, verbatim; nil for CSV
	Columns []string // CSV: the header
	Cells   []string // CSV: the values, without the blanks around them
}

// OpenTable opens the table at path. Errors: the file cannot be opened, is not
// a table, or has a header that does not name each column once.
func OpenTable(ctx context.Context, path string, opt TableOptions) (*Table, error) {
	if opt.MaxLine == 0 {
		opt.MaxLine = MaxLine
	}
	raw, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open saved file: %w", err)
	}
	f, err := unpack(path, raw)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	t := &Table{path: path, file: f, opt: opt}
	if err := t.sniff(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// NewTable reads a table of CSV or NDJSON as it arrives; name says in messages
// what it is. Close closes r. Errors are those of OpenTable.
func NewTable(ctx context.Context, name string, r io.ReadCloser, opt TableOptions) (*Table, error) {
	if opt.MaxLine == 0 {
		opt.MaxLine = MaxLine
	}
	f, err := unpack(name, r)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	opt.Parquet = nil // its footer comes last
	t := &Table{path: name, file: f, opt: opt}
	if err := t.sniff(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// Close releases the file, and removes what was unpacked.
func (t *Table) Close() error {
	err := t.file.Close()
	if t.temp != "" {
		err = errors.Join(err, os.RemoveAll(t.temp))
	}
	return err
}

// Rows yields the rows, once. A row that is broken is an *access.Fault and
// reading goes on; any other error, such as *Truncated, ends the table.
func (t *Table) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { t.rows(ctx, yield) }
}

// sniff decides by the first bytes how the rows are read.
func (t *Table) sniff(ctx context.Context) error {
	if head, _ := t.file.Peek(4); string(head) == "PAR1" && t.opt.Parquet != nil {
		return t.parquet(ctx)
	}
	if err := t.file.refuse(); err != nil {
		return err
	}
	head, _ := t.file.Peek(bufferSize)
	head = bytes.TrimLeft(head, " \t\r\n")
	isCSV := strings.Contains(filepath.Base(t.path), ".csv") || strings.Contains(filepath.Base(t.path), ".tsv")
	switch {
	case len(head) == 0 && isCSV:
		return access.WithHint(fmt.Errorf("read %s: is empty", t.path), "a CSV file without rows still has its header")
	case len(head) > 0 && head[0] != '{' && head[0] != '[':
		return t.csv()
	}
	t.rows = func(ctx context.Context, yield func(Row, error) bool) {
		t.file.items(ctx, t.opt.MaxLine, func(l Line, err error) bool {
			return yield(Row{Line: l.Number, Body: l.Body}, err)
		})
	}
	return nil
}

// parquet prepares a Parquet file, unpacked first if it was packed as a whole,
// and reads its columns from the first row.
func (t *Table) parquet(ctx context.Context) error {
	path, err := t.plain()
	if err != nil {
		return err
	}
	t.rows = func(ctx context.Context, yield func(Row, error) bool) {
		n := 0
		for body, err := range t.opt.Parquet(ctx, path) {
			if n++; !yield(Row{Line: n, Body: body}, err) {
				return
			}
		}
	}
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return err
		}
		t.Columns, err = keysOf(row.Body)
		return err
	}
	return nil
}

// plain returns the path of a Parquet file that lies unpacked on the disk.
func (t *Table) plain() (string, error) {
	head := make([]byte, 4)
	raw, err := os.Open(t.path)
	if err != nil {
		return "", fmt.Errorf("open saved file: %w", err)
	}
	_, err = io.ReadFull(raw, head)
	if err = errors.Join(err, raw.Close()); err != nil || string(head) == "PAR1" {
		return t.path, err
	}
	if t.temp, err = os.MkdirTemp("", "winnow-parquet-"); err != nil { // 0700
		return "", fmt.Errorf("unpack %s: %w", t.path, err)
	}
	path := filepath.Join(t.temp, "rows.parquet")
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", t.path, err)
	}
	if _, err := io.Copy(out, t.file); err != nil {
		return "", errors.Join(cut(t.path, 0, err), out.Close())
	}
	return path, out.Close()
}

// keysOf returns the keys of a JSON object in their order.
func keysOf(object []byte) ([]string, error) {
	var keys []string
	err := Members(object, func(key string, _ json.RawMessage) error {
		keys = append(keys, key)
		return nil
	})
	return keys, err
}

// Members calls f with each key of a JSON object and its value, verbatim, in
// their order. It fails on bytes that are not an object.
func Members(object []byte, f func(key string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(object))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(errors.New("is not a JSON object"), err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return fmt.Errorf("read a key: %w", err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return fmt.Errorf("read the value of %q: %w", key, err)
		}
		if err := f(key.(string), value); err != nil { //nolint:errcheck // keys are strings
			return err
		}
	}
	_, err := dec.Token()
	return err
}
