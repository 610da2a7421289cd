package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// coverageStream is the name under which a folder vouches for days.
const coverageStream access.StreamName = "coverage"

// Covered returns the spans of coverage.ndjson, lines of the form
// {"stream": …, "first_day": "2026-01-01", "last_day": "2026-03-31"}, and
// nothing without that file. A line that says anything else is an error: a
// span that is misread would turn a gap into disuse.
func (d *Dir) Covered(ctx context.Context) ([]Span, error) {
	files, err := d.files(coverageStream)
	var absent *Absent
	if errors.As(err, &absent) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var spans []Span
	for _, f := range files {
		if f.exchange {
			continue
		}
		for line, err := range saved.Items(ctx, f.path, d.opt.MaxLine) {
			if err != nil {
				return nil, fmt.Errorf("read coverage: %w", err)
			}
			s, err := ParseSpan(line.Body, d.streams)
			if err != nil {
				return nil, fmt.Errorf("read coverage at %s: %w", f.origin(line), err)
			}
			spans = append(spans, s)
		}
	}
	return spans, nil
}

// ParseSpan reads one line of a coverage file. Errors: the line is no object
// with the three keys, the stream is not one of streams, a day is not a date,
// or the last comes before the first.
func ParseSpan(line []byte, streams []Stream) (Span, error) {
	var row struct {
		Stream access.StreamName `json:"stream"`
		First  access.Day        `json:"first_day"`
		Last   access.Day        `json:"last_day"`
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return Span{}, fmt.Errorf("is not a span: %w", err)
	}
	if !slices.ContainsFunc(streams, func(s Stream) bool { return s.Name == row.Stream }) {
		return Span{}, access.WithHint(fmt.Errorf("stream %q is not served here", row.Stream),
			"the streams are "+namesOf(streams))
	}
	for _, day := range []access.Day{row.First, row.Last} {
		if day.Time().IsZero() {
			return Span{}, access.WithHint(fmt.Errorf("%q is not a day", day), "write days as 2026-01-31")
		}
	}
	if row.Last < row.First {
		return Span{}, fmt.Errorf("last day %s comes before first day %s", row.Last, row.First)
	}
	return Span{Stream: row.Stream, First: row.First, Last: row.Last}, nil
}

// namesOf lists the streams' names.
func namesOf(streams []Stream) string {
	var names []string
	for _, s := range streams {
		names = append(names, string(s.Name))
	}
	return strings.Join(names, ", ")
}
