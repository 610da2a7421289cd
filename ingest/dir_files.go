package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// forms and packings are the endings that a saved file may have.
var (
	forms    = []string{".ndjson", ".jsonl", ".json"}
	packings = []string{"", ".gz", ".zst"}
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
	names, err := folder(d.path)
	if err != nil {
		return nil, err
	}
	own, err := d.own(names, stream)
	if err != nil {
		return nil, err
	}
	var out []dirFile
	for _, n := range own {
		out = append(out, dirFile{path: filepath.Join(d.path, n)})
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

// own returns the names of the stream's own files.
func (d *Dir) own(names []string, stream access.StreamName) ([]string, error) {
	if patterns, ok := d.opt.Files[stream]; ok {
		return matching(names, patterns)
	}
	var own []string
	for _, n := range names {
		if stem, ok := stemOf(n); ok && stem == string(stream) {
			own = append(own, n)
		}
	}
	if len(own) > 1 {
		return nil, access.WithHint(fmt.Errorf("choose the file of stream %s in %s: %s all claim it",
			stream, d.path, strings.Join(own, ", ")), "keep one of them, or list them in the source's files")
	}
	return own, nil
}

// matching returns the names that match any of the patterns, once each.
func matching(names, patterns []string) ([]string, error) {
	var own []string
	for _, n := range names {
		for _, p := range patterns {
			ok, err := filepath.Match(p, n)
			if err != nil {
				return nil, access.WithHint(fmt.Errorf("match files with %q: %w", p, err), "patterns know *, ? and [a-z]")
			}
			if ok {
				own = append(own, n)
				break
			}
		}
	}
	return own, nil
}

// folder lists the regular files of a folder in the order of their names.
func folder(path string) ([]string, error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = access.WithHint(err, "is the source's dir: relative to the folder in which winnow was started?")
	}
	if err != nil {
		return nil, fmt.Errorf("open folder of saved answers: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// stemOf returns the name without its endings, when they are those of a saved
// answer.
func stemOf(name string) (string, bool) {
	for _, pack := range packings {
		for _, form := range forms {
			if stem, ok := strings.CutSuffix(name, form+pack); ok && stem != "" {
				return stem, true
			}
		}
	}
	return "", false
}

// isExchange reports whether a file holds recorded exchanges, by its name.
func isExchange(name string) bool {
	stem, ok := stemOf(name)
	return ok && (stem == "http" || strings.HasSuffix(stem, "_http"))
}

// absent says that the folder has no answers of the stream.
func (d *Dir) absent(stream access.StreamName) *Absent {
	return &Absent{
		Reason: fmt.Sprintf("no saved answers of %s in %s", stream, d.path),
		Hint:   fmt.Sprintf("save them as %s.ndjson; .gz and .zst are read too", stream),
	}
}
