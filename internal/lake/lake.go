// Package lake keeps what the sources served, verbatim and sealed. A batch of
// records becomes visible by one rename, that of its manifest; whatever no
// manifest names is the rest of an interrupted run and is swept away.
package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"winnow/internal/access"
)

// A Lake is a folder of landed segments, manifests and typed Parquet.
type Lake struct {
	Dir string
}

// Open returns the lake in dir, which it creates, readable by its owner only.
func Open(dir string) (*Lake, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the lake: %w", err)
	}
	return &Lake{Dir: dir}, nil
}

// nameRule keeps source and stream names usable as folder names.
var nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// streamDir returns the folder of a stream, refusing names that would leave
// the lake.
func (l *Lake) streamDir(source access.SourceName, stream access.StreamName) (string, error) {
	if !nameRule.MatchString(string(source)) || !nameRule.MatchString(string(stream)) {
		return "", access.WithHint(fmt.Errorf("use %q/%q as a folder name", source, stream),
			"names of sources hold lower-case letters, digits, - and _ only")
	}
	return filepath.Join(l.Dir, "landed", string(source), string(stream)), nil
}

// Streams lists the source and stream pairs that have landed anything, sorted.
func (l *Lake) Streams() ([]StreamID, error) {
	var out []StreamID
	sources, err := readDir(filepath.Join(l.Dir, "landed"))
	if err != nil {
		return nil, err
	}
	for _, source := range sources {
		streams, err := readDir(filepath.Join(l.Dir, "landed", source))
		if err != nil {
			return nil, err
		}
		for _, stream := range streams {
			out = append(out, StreamID{access.SourceName(source), access.StreamName(stream)})
		}
	}
	return out, nil
}

// A StreamID names one stream of one source.
type StreamID struct {
	Source access.SourceName
	Stream access.StreamName
}

// readDir lists the names in a folder, sorted, and nothing where it is absent.
func readDir(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names, nil
}

// Sweep removes what an interrupted run left behind: temporary files, and
// segments and quarantine files that no manifest names.
func (l *Lake) Sweep(id StreamID) error {
	dir, err := l.streamDir(id.Source, id.Stream)
	if err != nil {
		return err
	}
	manifests, err := l.Manifests(id)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, m := range manifests {
		for _, s := range m.Segments {
			named[s.Path] = true
		}
		named[m.QuarantineFile] = true
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sweep %s: %w", dir, err)
		}
		if strings.HasSuffix(path, ".json") && filepath.Base(filepath.Dir(path)) == manifestDir {
			return nil
		}
		if rel, _ := filepath.Rel(l.Dir, path); !named[rel] {
			return os.Remove(path)
		}
		return nil
	})
}
