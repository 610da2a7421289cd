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
		w := &dirWalk{Dir: d, stream: stream}
		if d.kind(stream) == Events {
			if w.rests, err = NewFileRests(since, ""); err != nil {
				yield(access.Record{}, err)
				return
			}
		}
		for _, f := range files {
			w.found = w.found || !f.exchange
			if !w.rests.Serve(f.path, w.records(ctx, f), yield) {
				return
			}
		}
		if !w.found && since == "" {
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
	rests  *FileRests // nil for inventory
	found  bool       // the stream has a file of its own, or a record in an exchange
}

// records yields the stream's records of one file.
func (w *dirWalk) records(ctx context.Context, f dirFile) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		for line, err := range saved.Items(ctx, f.path, w.opt.MaxLine) {
			var fault *access.Fault
			ok := true
			switch {
			case errors.As(err, &fault) && !w.owns(f):
			case err != nil:
				w.found = true // what was refused must not vanish with an absent stream
				ok = yield(access.Record{}, err)
			case f.exchange:
				ok = w.exchange(f, line, yield)
			default:
				ok = yield(w.record(f, line), nil)
			}
			if !ok {
				return
			}
		}
	}
}

// record makes a record of one line.
func (w *dirWalk) record(f dirFile, line saved.Line) access.Record {
	r := access.Record{Body: bytes.Clone(line.Body), Origin: f.origin(line)}
	if w.opt.Route != nil {
		r.Stream = w.opt.Route(w.stream, r.Body)
	}
	return r
}

// owns reports whether the faults of f are this stream's to report: those of
// an exchange, which every stream reads, go to the first.
func (w *dirWalk) owns(f dirFile) bool {
	return !f.exchange || len(w.streams) > 0 && w.streams[0].Name == w.stream
}

// exchange yields the records of this stream inside a recorded exchange.
func (w *dirWalk) exchange(f dirFile, line saved.Line, yield func(access.Record, error) bool) bool {
	records, err := w.opt.Exchange(bytes.Clone(line.Body))
	if err != nil {
		fault := &access.Fault{Reason: err.Error(), Hint: access.HintOf(err), Body: bytes.Clone(line.Body)}
		errors.As(err, &fault)
		fault.Origin = f.origin(line)
		if !w.owns(f) {
			return true
		}
		w.found = true
		return yield(access.Record{}, fault)
	}
	for _, r := range records {
		if r.Stream != w.stream {
			continue
		}
		w.found, r.Stream = true, ""
		if r.Origin.Place == "" {
			r.Origin = f.origin(line)
		}
		if !yield(r, nil) {
			return false
		}
	}
	return true
}
