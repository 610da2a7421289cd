package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"winnow/internal/access"
)

// A Level says how much a finding matters.
type Level string

// The levels, from the least to the most.
const (
	OK      Level = "ok"
	Warning Level = "warning" // works, with a part missing
	Failure Level = "failure" // a pull would fail
)

// A Finding is one thing that the check of a source found.
type Finding struct {
	Level  Level
	Check  string            // what was looked at: credentials, scope, licence, clock, files
	Stream access.StreamName // empty where it concerns the whole source
	Text   string            // what was found, one sentence without a full stop
	Hint   string            // the way out; empty where none is needed
}

// A Checker is a source that can look at itself: whether its credentials work,
// what they may read, and whether the clocks agree. It asks for as little as it
// can and lands nothing. The error is non-nil only where ctx ended; whatever
// else goes wrong is a finding.
type Checker interface {
	Check(ctx context.Context) ([]Finding, error)
}

// Check tells which of the streams the folder has files for.
func (d *Dir) Check(ctx context.Context) ([]Finding, error) {
	if info, err := os.Stat(d.path); err != nil || !info.IsDir() {
		if err == nil {
			err = errors.New("it is a file")
		}
		return []Finding{{Level: Failure, Check: "files", Text: fmt.Sprintf("the folder cannot be opened: %v", err),
			Hint: "dir: names a folder of saved answers, one file a stream"}}, ctx.Err()
	}
	var there, absent []string
	for _, s := range d.streams {
		files, err := d.files(s.Name)
		if err == nil && len(files) > 0 {
			there = append(there, string(s.Name))
		} else {
			absent = append(absent, string(s.Name))
		}
	}
	f := Finding{Level: OK, Check: "files", Text: fmt.Sprintf("the folder holds %s; it has no file of %s", list(there), list(absent))}
	if len(there) == 0 {
		f.Level, f.Hint = Failure, "name the files after their streams, such as "+namesOf(d.streams[:1])+".ndjson"
	}
	return []Finding{f}, ctx.Err()
}

// list joins names for a sentence.
func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
