package saved

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"winnow/internal/access"
)

// bufferSize is how far a reader can look ahead, in bytes. Sniffing needs the
// first lines, reading goes faster with more.
const bufferSize = 256 << 10

// A File is a saved file opened for reading, decompressed.
type File struct {
	Path string
	*bufio.Reader
	close func() error
}

// Close releases the file and its decompressor.
func (f *File) Close() error { return f.close() }

// Truncated says that a file ended, or broke, before its end was read: what
// came before has been served, the rest is unknown. It concerns the whole
// file, so a generation of inventory that ends with it is not complete.
type Truncated struct {
	Origin access.Origin // the last line that was read
	Err    error
}

// Error returns the place and the cause.
func (t *Truncated) Error() string {
	return fmt.Sprintf("%s: cannot be read further: %v", t.Origin, t.Err)
}

// Unwrap returns the cause.
func (t *Truncated) Unwrap() error { return t.Err }

// cut builds the error for a read that failed after line lines.
func cut(path string, line int, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the file is cut short: %w", err)
	}
	return access.WithHint(&Truncated{access.Origin{Place: path, Line: line}, err},
		"copy the file again in full, or correct it; what was read is kept")
}

// Open opens a saved file and unpacks it: gzip and Zstandard are recognised by
// their first bytes, whatever the name says. A byte order mark is skipped.
// Errors: the file cannot be opened, or is something that is not text, such as
// a spreadsheet or UTF-16; the hint says what to do.
func Open(path string) (*File, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open saved file: %w", err)
	}
	f, err := unpack(path, raw)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	if err := f.refuse(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// unpack chooses the decompressor by the first bytes.
func unpack(path string, raw io.ReadCloser) (*File, error) {
	r := bufio.NewReaderSize(raw, bufferSize)
	head, _ := r.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, cut(path, 0, fmt.Errorf("read gzip header: %w", err))
		}
		return &File{path, bufio.NewReaderSize(z, bufferSize), raw.Close}, nil
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		// One goroutine: two cores are shared with the rest of the batch. The
		// window bound keeps a hostile frame from asking for gigabytes.
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(256<<20))
		if err != nil {
			return nil, cut(path, 0, fmt.Errorf("read zstd header: %w", err))
		}
		shut := func() error { z.Close(); return raw.Close() }
		return &File{path, bufio.NewReaderSize(z, bufferSize), shut}, nil
	}
	return &File{path, r, raw.Close}, nil
}

// foreign lists first bytes of what people save by mistake, and the way out.
var foreign = []struct {
	magic      string
	name, hint string
}{
	{"PAR1", "a Parquet file", "give the file the ending .parquet"},
	{"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as CSV in UTF-8"},
	{"\xff\xfe", "UTF-16 text", "save the file as UTF-8"},
	{"\xfe\xff", "UTF-16 text", "save the file as UTF-8"},
	{"BZh", "a bzip2 archive", "unpack it, or pack it with gzip or zstd"},
	{"\xfd7zXZ", "an xz archive", "unpack it, or pack it with gzip or zstd"},
	{"%PDF", "a PDF document", "save the data as CSV or NDJSON"},
	{"\x89PNG", "an image", "save the data as CSV or NDJSON"},
	{"\xff\xd8\xff", "an image", "save the data as CSV or NDJSON"},
	{"GIF8", "an image", "save the data as CSV or NDJSON"},
	{"SQLite f", "an SQLite database", "export its tables as CSV or NDJSON"},
	{"<", "HTML or XML", "it may be a saved error page: fetch the JSON answer again"},
}

// refuse skips a byte order mark and fails on content that is not text.
func (f *File) refuse() error {
	head, err := f.Peek(8)
	if err != nil && !errors.Is(err, io.EOF) {
		return cut(f.Path, 0, err)
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		if _, err := f.Discard(3); err != nil {
			return cut(f.Path, 0, err)
		}
	}
	for _, x := range foreign {
		if bytes.HasPrefix(head, []byte(x.magic)) {
			return access.WithHint(fmt.Errorf("read saved file %s: is %s", f.Path, x.name), x.hint)
		}
	}
	return nil
}
