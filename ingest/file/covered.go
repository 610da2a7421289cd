package file

import (
	"context"
	"errors"
	"fmt"

	"winnow/ingest"
	"winnow/internal/access"
)

// Covered returns the spans that the coverage file declares, none without that
// file. Any row that cannot be read is an error: a span that is misread would
// turn a gap in the log into disuse.
func (s *Source) Covered(ctx context.Context) ([]ingest.Span, error) {
	path, err := s.path("coverage")
	var absent *ingest.Absent
	if errors.As(err, &absent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var spans []ingest.Span
	for rec, err := range s.rows(ctx, path, s.mappings["coverage"]) {
		if err != nil {
			return nil, fmt.Errorf("read coverage: %w", err)
		}
		span, err := ingest.ParseSpan(rec.Body, s.Streams())
		if err != nil {
			return nil, fmt.Errorf("read coverage at %s: %w", rec.Origin, err)
		}
		spans = append(spans, span)
	}
	return spans, nil
}

// A Finding is what a look at one stream's file shows, before any pull.
type Finding struct {
	Stream  access.StreamName
	Path    string   // empty where there is no file
	Columns []string // of the file; nil for NDJSON, whose rows have their own
	Unknown []string // columns that are no field: attributes of accounts, elsewhere kept and not read
	Err     error    // why the file could not be pulled
}

// Inspect opens the file of every stream and reads its header.
func (s *Source) Inspect(ctx context.Context) []Finding {
	var out []Finding
	for _, sc := range schemas {
		f := Finding{Stream: sc.name}
		var absent *ingest.Absent
		f.Path, f.Err = s.path(sc.name)
		if errors.As(f.Err, &absent) {
			f.Err = nil
		}
		if f.Path != "" {
			s.inspect(ctx, &f)
		}
		out = append(out, f)
	}
	return out
}

// inspect reads one header.
func (s *Source) inspect(ctx context.Context, f *Finding) {
	table, err := s.open(ctx, f.Path)
	if err != nil {
		f.Err = err
		return
	}
	if f.Columns = table.Columns; f.Columns != nil {
		p := s.mappings[f.Stream].compile(f.Columns)
		f.Unknown, f.Err = p.unknown, p.complete(f.Path, f.Stream)
	}
	f.Err = errors.Join(f.Err, table.Close())
}
