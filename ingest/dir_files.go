package ingest

import (
	"fmt"
	"path/filepath"
	"strings"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// A dirFile is one file of a folder and how it is read.
type dirFile struct {
	path     string
	exchange bool
}

// origin says where a line of the file is.
func (f dirFile) origin(l saved.Line) access.Origin {
	return access.Origin{Place: f.path, Line: l.Number}
}

// files returns the files that may hold the stream, in the order of their
// names, those with exchanges last. Errors: no folder; *Absent without a
// file; two files that would both be the stream.
func (d *Dir) files(stream access.StreamName) ([]dirFile, error) {
	names, err := saved.List(d.path)
	if err != nil {
		return nil, err
	}
	own, err := d.own(names, stream)
	if err != nil {
		return nil, err
	}
	var out []dirFile
	for _, n := range own {
		out = append(out, dirFile{path: n})
	}
	for _, n := range names {
		if d.opt.Exchange != nil && isExchange(n) {
			out = append(out, dirFile{filepath.Join(d.path, n), true})
		}
	}
	if len(out) == 0 {
		return nil, d.absent(stream)
	}
	return out, nil
}

// own returns the paths of the stream's own files.
func (d *Dir) own(names []string, stream access.StreamName) ([]string, error) {
	if patterns, ok := d.opt.Files[stream]; ok {
		return d.matching(names, patterns)
	}
	path, err := saved.Find(d.path, string(stream), saved.JSONForms)
	if path == "" || err != nil {
		return nil, err
	}
	return []string{path}, nil
}

// matching returns the paths that match any of the patterns, once each.
func (d *Dir) matching(names, patterns []string) ([]string, error) {
	var own []string
	for _, n := range names {
		for _, p := range patterns {
			ok, err := filepath.Match(p, n)
			if err != nil {
				return nil, access.WithHint(fmt.Errorf("match files with %q: %w", p, err), "patterns know *, ? and [a-z]")
			}
			if ok {
				own = append(own, filepath.Join(d.path, n))
				break
			}
		}
	}
	return own, nil
}

// isExchange reports whether a file holds recorded exchanges, by its name.
func isExchange(name string) bool {
	stem, ok := saved.Stem(name, saved.JSONForms)
	return ok && (stem == "http" || strings.HasSuffix(stem, "_http"))
}

// absent says that the folder has no answers of the stream.
func (d *Dir) absent(stream access.StreamName) *Absent {
	return &Absent{
		Reason: fmt.Sprintf("no saved answers of %s in %s", stream, d.path),
		Hint:   fmt.Sprintf("save them as %s.ndjson; .gz and .zst are read too", stream),
	}
}
