// Package hris reads people out of HR: exports and saved reports of Workday,
// BambooHR and their kin, as CSV, JSON, NDJSON or Parquet. Its sub-packages
// read the systems themselves; all share the streams, fields and layouts of
// this package, and one set of models.
//
// Column names are the report author's, so they are configuration. A row lands
// verbatim, a row of CSV as an object of texts under the header's names; the
// models apply the mapping, see ColumnMap, so that a corrected mapping needs
// no new export.
package hris

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"

	"winnow/ingest"
	"winnow/ingest/saved"
	"winnow/internal/access"
)

// Options say where the files are and what their columns are called.
type Options struct {
	Dir string // the folder

	// Files names the file of a stream where it is not the stream's own name.
	Files map[access.StreamName]string

	// Columns maps our fields to the report's columns: "department": "Dept",
	// "transfers.department": "To_Dept". A key without a stream is one of
	// workers; employee_id and date_format hold for all.
	Columns map[string]string

	Layout Layout // what the system that wrote the files calls our fields

	// Exchange reads the rows out of a recorded HTTP exchange, one a line in
	// http.ndjson or *_http.ndjson, for streams that have no file of their own;
	// each names its Stream. Nil ignores such files.
	Exchange func(line []byte) ([]access.Record, error)

	// ReadParquet yields the rows of a Parquet file as JSON objects. Nil
	// refuses Parquet.
	ReadParquet func(ctx context.Context, path string) iter.Seq2[[]byte, error]

	MaxLine int // bytes of one row; 0 means saved.MaxLine
}

// A Source is a folder of HR files. It implements ingest.Source.
type Source struct {
	opt     Options
	columns *Columns
}

// New returns the source over a folder. It reports every mapping and file that
// names an unknown stream or field.
func New(o Options) (*Source, error) {
	for _, stream := range slices.Sorted(maps.Keys(o.Files)) {
		if !slices.Contains(order, stream) {
			return nil, access.WithHint(fmt.Errorf("read files of HR: there is no stream %q", stream), fmt.Sprintf("the streams are %v", order))
		}
		if f := o.Files[stream]; f != filepath.Base(f) {
			return nil, access.WithHint(fmt.Errorf("read files of HR: %q is not a file name", f), "name files inside dir, without a path")
		}
	}
	resolved, err := NewColumns(o.Layout, o.Columns)
	if err != nil {
		return nil, err
	}
	return &Source{opt: o, columns: resolved}, nil
}

// Streams lists the streams. Only workers must be there.
func (s *Source) Streams() []ingest.Stream {
	return s.columns.Streams(order...)
}

// ColumnMap returns the source's mapping with every default filled in, ordered
// by stream and field.
func (s *Source) ColumnMap(source access.SourceName) []Mapping { return s.columns.Map(source) }

// Streams describes streams of HR. Only workers must be there.
func (c *Columns) Streams(names ...access.StreamName) []ingest.Stream {
	var out []ingest.Stream
	for _, name := range names {
		out = append(out, ingest.Stream{Name: name, Kind: ingest.Inventory, Shape: c.Shape(name), Optional: name != Workers})
	}
	return out
}

// Records yields the rows of the stream's file. A row that cannot be read is
// an *access.Fault. Errors that end the stream: the file is missing
// (*ingest.Absent), is not a table, lacks a configured column, or is cut short
// (*saved.Truncated).
func (s *Source) Records(ctx context.Context, stream access.StreamName, _ access.Cursor, _ ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		path, err := s.path(stream)
		if err != nil {
			s.recorded(ctx, stream, err, yield)
			return
		}
		table, err := saved.OpenTable(ctx, path, saved.TableOptions{MaxLine: s.opt.MaxLine, Parquet: s.opt.ReadParquet})
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		defer table.Close() //nolint:errcheck // opened for reading
		if err := s.columns.Complete(path, stream, table.Columns); err != nil {
			yield(access.Record{}, err)
			return
		}
		for row, err := range table.Rows(ctx) {
			rec := access.Record{Origin: access.Origin{Place: path, Line: row.Line}}
			if err == nil {
				rec.Body = Body(row)
				rec, err = s.columns.Land(stream, rec)
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// path returns the path of the stream's file.
func (s *Source) path(stream access.StreamName) (string, error) {
	if name, ok := s.opt.Files[stream]; ok {
		return filepath.Join(s.opt.Dir, name), nil
	}
	path := ""
	if slices.Contains(order, stream) {
		var err error
		if path, err = saved.Find(s.opt.Dir, string(stream), saved.TableForms); err != nil {
			return "", err
		}
	}
	if path == "" {
		return "", &ingest.Absent{
			Reason: fmt.Sprintf("no file of %s in %s", stream, s.opt.Dir),
			Hint:   fmt.Sprintf("name it %s.csv, .ndjson, .json or .parquet, or say its name in the source's files", stream),
		}
	}
	return path, nil
}

// recorded yields the rows of a stream without a file out of the recorded
// exchanges of the folder, and why there is no file where none holds any.
func (s *Source) recorded(ctx context.Context, stream access.StreamName, absent error, yield func(access.Record, error) bool) {
	var none *ingest.Absent
	if s.opt.Exchange == nil || !errors.As(absent, &none) {
		yield(access.Record{}, absent)
		return
	}
	dir := ingest.NewDir(s.opt.Dir, s.Streams(), ingest.DirOptions{Exchange: s.opt.Exchange, MaxLine: s.opt.MaxLine})
	for rec, err := range dir.Records(ctx, stream, "", ingest.Window{}) {
		if errors.As(err, &none) {
			err = absent
		}
		if err == nil {
			rec, err = s.columns.Land(stream, rec)
		}
		if !yield(rec, err) {
			return
		}
	}
}

// Body returns the row as it lands: a row of CSV as an object of texts under the
// header's names.
func Body(row saved.Row) []byte {
	if row.Body != nil {
		return bytes.Clone(row.Body)
	}
	var b bytes.Buffer
	for i, c := range row.Columns {
		b.WriteByte("{,"[min(i, 1)])
		b.Write(text(c))
		b.WriteByte(':')
		b.Write(text(row.Cells[i]))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// text writes s as JSON, with characters as they are.
func text(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string always encodes
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
