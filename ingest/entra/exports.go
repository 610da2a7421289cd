package entra

import (
	"context"
	"slices"

	"winnow/ingest"
	"winnow/internal/access"
)

// Exports returns the source of a folder of Log Analytics or storage exports,
// sign_ins_export.ndjson and audits_export.ndjson, for Options.Exports: history
// that the tenant itself no longer keeps, under the same ids.
func Exports(dir string) *ingest.Dir {
	streams := slices.DeleteFunc(Streams(), func(s ingest.Stream) bool { return !isExport(s.Name) })
	return ingest.NewDir(dir, streams, ingest.DirOptions{Route: routeExport})
}

// routeExport keeps the lines of an export among the exports: Graph's own form
// belongs to the streams that are read from the tenant.
func routeExport(stream access.StreamName, line []byte) access.StreamName {
	if to := Route(stream, line); isExport(to) {
		return to
	}
	return stream
}

// isExport reports whether a stream comes out of files only.
func isExport(stream access.StreamName) bool {
	return slices.ContainsFunc(endpoints, func(e endpoint) bool { return e.Name == stream && e.path == "" })
}

// Covered implements ingest.CoverageDeclarer for the exports.
func (s *Source) Covered(ctx context.Context) ([]ingest.Span, error) {
	if s.opt.Exports == nil {
		return nil, nil
	}
	return s.opt.Exports.Covered(ctx)
}
