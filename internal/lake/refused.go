package lake

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"winnow/internal/access"
)

// A Retry marks refused events of one quarantine file that have landed since:
// they are known by the SHA-256 of their bytes, in hex.
type Retry struct {
	File   string   `json:"file"` // relative to the lake
	Bodies []string `json:"bodies"`
}

// BodyDigest is what a refused item is known by.
func BodyDigest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Fault returns the refused item as it was refused.
func (r Refused) Fault() *access.Fault {
	return &access.Fault{Origin: access.Origin{Place: r.Place, Line: r.Line}, Field: r.Field, Value: r.Value,
		Reason: r.Reason, Hint: r.Hint, Body: r.Body, Day: r.Day}
}

// Refusals yields the items of a quarantine file, in the order in which they
// were refused. A line that cannot be read ends them with an error.
func (l *Lake) Refusals(file string) iter.Seq2[Refused, error] {
	return func(yield func(Refused, error) bool) {
		f, err := os.Open(filepath.Join(l.Dir, file))
		if err != nil {
			yield(Refused{}, fmt.Errorf("open a quarantine file: %w", err))
			return
		}
		defer f.Close()
		err = eachLine(f, func(line []byte) error {
			var r Refused
			if err := json.Unmarshal(line, &r); err != nil {
				return access.WithHint(fmt.Errorf("read %s: %w", file, err), "the file was changed after it was sealed; restore it from a backup")
			}
			if !yield(r, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Refused{}, err)
		}
	}
}

// errStop ends a walk whose caller wants no more.
var errStop = errors.New("the caller stopped")

// Lines calls f with every line of a segment, without its line break, after it
// was verified. The slice is f's to keep.
func (l *Lake) Lines(s Segment, f func(line []byte) error) error {
	if err := l.Verify(s); err != nil {
		return err
	}
	file, err := os.Open(filepath.Join(l.Dir, s.Path))
	if err != nil {
		return fmt.Errorf("open a segment: %w", err)
	}
	defer file.Close()
	dec, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return fmt.Errorf("open %s: %w", s.Path, err)
	}
	defer dec.Close()
	return eachLine(dec, f)
}

// eachLine calls f with every line that is not blank.
func eachLine(r io.Reader, f func([]byte) error) error {
	lines := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := f(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a line: %w", err)
		}
	}
}
