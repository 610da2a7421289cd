package ingest

import (
	"bytes"
	"context"
	"errors"
	"iter"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// DirOptions says how a folder of saved answers differs from one file a
// stream, named after it.
type DirOptions struct {
	// Files names the files of a stream, as patterns inside the folder; a
	// stream that is not listed is <stream>.ndjson, .jsonl or .json, with .gz
	// or .zst after it where packed.
	Files map[access.StreamName][]string

	// Route names the stream to which a line of stream's file belongs, for
	// files that mix shapes; nil or "" keeps it. The line may be no JSON.
	Route func(stream access.StreamName, line []byte) access.StreamName

	// Exchange reads the records out of a recorded HTTP exchange, one a line in
	// http.ndjson or *_http.ndjson; each record names its Stream. Nil ignores
	// such files.
	Exchange func(line []byte) ([]access.Record, error)

	MaxLine int // bytes; 0 means saved.MaxLine
}

// A Dir is a source whose answers were saved in a folder: the same items that
// the API would have served, read by the same models.
type Dir struct {
	path    string
	streams []Stream
	opt     DirOptions
}

// NewDir returns the source that serves streams from the folder path.
func NewDir(path string, streams []Stream, opt DirOptions) *Dir {
	if opt.MaxLine == 0 {
		opt.MaxLine = saved.MaxLine
	}
	return &Dir{path: path, streams: streams, opt: opt}
}

// Streams returns the streams that the folder may hold.
func (d *Dir) Streams() []Stream { return d.streams }

// Records yields the items of the stream's files, verbatim; lines of
// sub-resources, {"parent_id": …, "item": …}, are yielded as they stand. The
// window is not applied: whoever saved the file chose its span.
//
// A line that is no object is an *access.Fault. That an object is well formed
// inside is checked by the pull loop, as for every source. A file that is cut
// short ends the sequence with *saved.Truncated after its last good line, so
// that a generation of inventory does not become valid. Events rest at the
// file's digest: a file that was read to its end is not served again.
func (d *Dir) Records(ctx context.Context, stream access.StreamName, since access.Cursor, _ Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		files, err := d.files(stream)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		w := &dirWalk{Dir: d, stream: stream, yield: yield, rests: d.kind(stream) == Events}
		if w.cursor, err = parseDirCursor(since); err != nil {
			yield(access.Record{}, err)
			return
		}
		for _, f := range files {
			if !w.file(ctx, f) {
				return
			}
		}
		if !w.found {
			yield(access.Record{}, d.absent(stream))
		}
	}
}

// kind returns the stream's kind; streams that are not listed are inventory.
func (d *Dir) kind(stream access.StreamName) Kind {
	for _, s := range d.streams {
		if s.Name == stream {
			return s.Kind
		}
	}
	return Inventory
}

// A dirWalk is one pass over the files of a stream.
type dirWalk struct {
	*Dir
	stream access.StreamName
	yield  func(access.Record, error) bool
	rests  bool // whether records carry resting points
	cursor dirCursor
	found  bool // the stream has a file of its own, or a record in an exchange
	held   *access.Record
}

// file yields the records of one file and reports whether to go on. The last
// good record is held back, so that the file's end, or the line before the
// next good record, can become its resting point.
func (w *dirWalk) file(ctx context.Context, f dirFile) bool {
	w.found = w.found || !f.exchange
	sum, seen, skip, err := w.resume(f)
	if err != nil {
		w.yield(access.Record{}, err)
		return false
	}
	if seen {
		w.found = true
		return true
	}
	n := 0
	for line, err := range saved.Items(ctx, f.path, w.opt.MaxLine) {
		if n++; n <= skip {
			continue
		}
		if n%restEvery == 0 && w.rests && w.held != nil {
			w.held.Rest = w.cursor.inside(sum, n-1)
		}
		if !w.outcome(f, line, err) {
			return false
		}
	}
	if w.rests {
		w.cursor = w.cursor.after(sum)
		if w.held != nil {
			w.held.Rest = w.cursor.String()
		}
	}
	return w.flush()
}

// outcome handles one line: its records, its fault, or the end of the file.
func (w *dirWalk) outcome(f dirFile, line saved.Line, err error) bool {
	var fault *access.Fault
	switch {
	case errors.As(err, &fault):
		return !w.owns(f) || w.yield(access.Record{}, fault)
	case err != nil:
		if w.flush() {
			w.yield(access.Record{}, err)
		}
		return false
	case f.exchange:
		return w.exchange(f, line)
	}
	r := access.Record{Body: bytes.Clone(line.Body), Origin: f.origin(line)}
	if w.opt.Route != nil {
		r.Stream = w.opt.Route(w.stream, r.Body)
	}
	return w.hold(r)
}

// owns reports whether the faults of f are this stream's to report: those of
// an exchange, which every stream reads, go to the first.
func (w *dirWalk) owns(f dirFile) bool {
	return !f.exchange || len(w.streams) > 0 && w.streams[0].Name == w.stream
}

// exchange yields the records of this stream inside a recorded exchange.
func (w *dirWalk) exchange(f dirFile, line saved.Line) bool {
	records, err := w.opt.Exchange(bytes.Clone(line.Body))
	if err != nil {
		fault := &access.Fault{Reason: err.Error(), Hint: access.HintOf(err), Body: bytes.Clone(line.Body)}
		errors.As(err, &fault)
		fault.Origin = f.origin(line)
		return !w.owns(f) || w.yield(access.Record{}, fault)
	}
	for _, r := range records {
		if r.Stream != w.stream {
			continue
		}
		w.found, r.Stream = true, ""
		if r.Origin.Place == "" {
			r.Origin = f.origin(line)
		}
		if !w.hold(r) {
			return false
		}
	}
	return true
}

// hold yields the record that was held and holds r instead.
func (w *dirWalk) hold(r access.Record) bool {
	ok := w.flush()
	w.held = &r
	return ok
}

// flush yields the record that is held, if there is one.
func (w *dirWalk) flush() bool {
	r := w.held
	w.held = nil
	return r == nil || w.yield(*r, nil)
}
