package acme

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// A File is one file that Write made.
type File struct {
	Path  string // below the folder, with slashes
	Rows  int    // lines, or rows below the header of a CSV file
	Bytes int64  // before compression
}

// A Manifest lists what Write made, in the order of the paths.
type Manifest struct {
	Files  []File
	Events int // raw events of Okta and Entra, exact repeats included
}

// A sink writes the lines of one file, compressed when its name ends in .gz.
// The first fault is kept and returned by close; lines after it are dropped.
type sink struct {
	file File
	f    *os.File
	gz   *gzip.Writer
	buf  []byte
	err  error
}

const sinkBuffer = 1 << 18

// newSink creates the file, readable by its owner only.
func newSink(dir, path string) (*sink, error) {
	name := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("create a folder of the company: %w", err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create a file of the company: %w", err)
	}
	if err := f.Chmod(0o600); err != nil { // the file may have been there
		return nil, errors.Join(fmt.Errorf("narrow the mode of a file of the company: %w", err), f.Close())
	}
	s := &sink{file: File{Path: path}, f: f, buf: make([]byte, 0, sinkBuffer+1<<14)}
	if strings.HasSuffix(path, ".gz") {
		if s.gz, err = gzip.NewWriterLevel(f, gzip.BestSpeed); err != nil {
			return nil, errors.Join(fmt.Errorf("start compression: %w", err), f.Close())
		}
	}
	return s, nil
}

// line ends a line that the caller appended to s.buf.
func (s *sink) line() {
	s.buf = append(s.buf, '\n')
	s.file.Rows++
	if len(s.buf) >= sinkBuffer {
		s.flush()
	}
}

func (s *sink) flush() {
	s.file.Bytes += int64(len(s.buf))
	var err error
	if s.gz != nil {
		_, err = s.gz.Write(s.buf)
	} else {
		_, err = s.f.Write(s.buf)
	}
	s.buf = s.buf[:0]
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("write %s: %w", s.file.Path, err)
	}
}

// close writes what is left and returns the first fault.
func (s *sink) close() error {
	s.flush()
	errs := []error{s.err}
	if s.gz != nil {
		errs = append(errs, s.gz.Close())
	}
	errs = append(errs, s.f.Close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("save %s: %w", s.file.Path, err)
	}
	return nil
}
