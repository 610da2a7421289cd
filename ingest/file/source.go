package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"winnow/ingest"
	"winnow/ingest/saved"
	"winnow/internal/access"
)

// A Source is a folder of plain files. It implements ingest.Source and
// ingest.CoverageDeclarer.
type Source struct {
	opt      Options
	mappings map[access.StreamName]mapping
}

// New returns the source over a folder. It reports every mapping that names an
// unknown stream or field, or is not written as a template.
func New(o Options) (*Source, error) {
	m, err := o.mappings()
	if err != nil {
		return nil, err
	}
	return &Source{opt: o, mappings: m}, nil
}

// Streams lists the streams; each is optional, see Records.
func (s *Source) Streams() []ingest.Stream {
	var out []ingest.Stream
	for _, sc := range schemas {
		out = append(out, sc.stream())
	}
	return out
}

// Records yields the rows of the stream's file as landed objects. A row that
// cannot be read, or is not in UTF-8, is an *access.Fault. Errors that end the
// stream: the file is missing (*ingest.Absent; for assignments a plain error
// when there are no events either), is not a table, lacks a column, or is cut
// short (*saved.Truncated). The window is not applied.
//
// A file of events that was read to its end is served again only when it, or
// the mapping of its columns, changes.
func (s *Source) Records(ctx context.Context, stream access.StreamName, since access.Cursor, _ ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		path, err := s.path(stream)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		m := s.mappings[stream]
		var rests *ingest.FileRests
		if m.kind == ingest.Events {
			if rests, err = ingest.NewFileRests(since, m.salt); err != nil {
				yield(access.Record{}, err)
				return
			}
		}
		rests.Serve(path, s.rows(ctx, path, m), yield)
	}
}

// path returns the path of the stream's file.
func (s *Source) path(stream access.StreamName) (string, error) {
	path, err := s.lookup(stream)
	if path != "" || err != nil {
		return path, err
	}
	absent := &ingest.Absent{
		Reason: fmt.Sprintf("no file of %s in %s", stream, s.opt.Dir),
		Hint:   fmt.Sprintf("name it %s.csv, .ndjson or .parquet, or say its name in the source's files", stream),
	}
	if stream != "assignments" {
		return "", absent
	}
	events, err := s.lookup("events")
	switch {
	case err != nil:
		return "", err
	case events == "":
		return "", access.WithHint(fmt.Errorf("find access in %s: there are neither assignments nor events", s.opt.Dir),
			"export who holds what as assignments.csv with the columns account_id and entitlement_id")
	}
	return "", absent
}

// lookup finds the stream's file, by its configured or its own name; "" when
// there is none of its own name.
func (s *Source) lookup(stream access.StreamName) (string, error) {
	if name, ok := s.opt.Files[stream]; ok {
		return filepath.Join(s.opt.Dir, name), nil
	}
	if _, ok := schemaOf(stream); !ok {
		return "", nil
	}
	return saved.Find(s.opt.Dir, string(stream), saved.TableForms)
}

// rows yields a file's rows as records.
func (s *Source) rows(ctx context.Context, path string, m mapping) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		table, err := s.open(ctx, path)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		defer table.Close() //nolint:errcheck // opened for reading
		r := &renderer{mapping: m}
		if table.Columns != nil {
			r.plan = m.compile(table.Columns)
			if err := r.plan.complete(path, m.name); err != nil {
				yield(access.Record{}, err)
				return
			}
		}
		for row, err := range table.Rows(ctx) {
			var rec access.Record
			if err == nil {
				rec, err = r.record(path, row)
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// open opens a file as a table.
func (s *Source) open(ctx context.Context, path string) (*saved.Table, error) {
	return saved.OpenTable(ctx, path, saved.TableOptions{MaxLine: s.opt.MaxLine, Parquet: s.opt.ReadParquet})
}

// complete fails where columns are missing, and says how to map them.
func (p *plan) complete(path string, stream access.StreamName) error {
	if len(p.missing) == 0 {
		return nil
	}
	field, _, _ := strings.Cut(p.missing[0], " ")
	example := "<column>"
	if len(p.unknown) > 0 {
		example = p.unknown[0]
	}
	return access.WithHint(
		fmt.Errorf("read %s: there is no column %s", path, strings.Join(p.missing, ", no column ")),
		access.Printable(fmt.Sprintf("the columns are %s; map one in the source's configuration, for instance columns: {%s.%s: %s}",
			strings.Join(p.columns, ", "), stream, field, example)))
}

// identity is the "_id" of a row: 64 bits of the SHA-256 over its content.
func identity(row saved.Row) string {
	h := sha256.New()
	if row.Body != nil {
		h.Write(row.Body)
	}
	for _, c := range row.Cells {
		h.Write([]byte(c))
		h.Write([]byte{0x1f})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
