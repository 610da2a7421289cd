package saved

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/access"
)

// JSONForms and TableForms are the endings of files of items and of rows; any
// of them may be followed by .gz or .zst.
var (
	JSONForms  = []string{".ndjson", ".jsonl", ".json"}
	TableForms = []string{".csv", ".tsv", ".ndjson", ".jsonl", ".json", ".parquet"}
)

// List returns the names of the regular files in a folder, and of links to
// them, sorted. A pipe under a stream's name would wait for ever.
func List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = access.WithHint(err, "is the source's dir: right? It is relative to the configuration file")
	}
	if err != nil {
		return nil, fmt.Errorf("open folder of saved files: %w", err)
	}
	var names []string
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && info.Mode().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// Stem returns a file's name without its endings, when they are one of forms
// and perhaps a packing.
func Stem(name string, forms []string) (string, bool) {
	for _, pack := range []string{"", ".gz", ".zst"} {
		for _, form := range forms {
			if stem, ok := strings.CutSuffix(name, form+pack); ok && stem != "" {
				return stem, true
			}
		}
	}
	return "", false
}

// Find returns the path of the one file in dir whose stem is given, and "" when
// there is none. Two such files are an error: nobody could say which counts.
func Find(dir, stem string, forms []string) (string, error) {
	names, err := List(dir)
	if err != nil {
		return "", err
	}
	var found []string
	for _, n := range names {
		if s, ok := Stem(n, forms); ok && s == stem {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return filepath.Join(dir, found[0]), nil
	}
	return "", access.WithHint(fmt.Errorf("choose the file of %s in %s: %s all claim it", stem, dir, strings.Join(found, ", ")),
		"keep one of them, or name it in the source's files")
}
