package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"winnow/internal/access"
)

// restEvery is the number of items between two resting points inside a file.
const restEvery = 1000

// FileRests gives the events of saved files their resting points. Files are
// known by content: one that was renamed is not served again, one that has
// grown is, and the rows that it repeats are duplicates by their ids.
type FileRests struct {
	cursor fileCursor
	salt   string
}

// A fileCursor is the text of a resting point.
type fileCursor struct {
	Done  []string `json:"file_sha256"`     // digests of the files that were read to their end
	In    string   `json:"in,omitempty"`    // digest of the file that is being read
	Items int      `json:"items,omitempty"` // how many of its items, faults included, were served
}

// NewFileRests resumes at a cursor; the empty one is the start. The salt is
// whatever else decides what a file yields, such as a mapping of columns: with
// another salt every file counts as unread. It fails on a cursor that another
// kind of source made.
func NewFileRests(since access.Cursor, salt string) (*FileRests, error) {
	r := &FileRests{salt: salt}
	if since == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(since), &r.cursor); err != nil {
		return nil, access.WithHint(fmt.Errorf("read cursor of a folder: %w", err),
			"the source was read from an API before: give the folder a source name of its own")
	}
	return r, nil
}

// Serve yields a file's records, from where the cursor stands in it, and
// reports whether to go on with the next file. The last good record is held
// back, so that the file's end, or the fault before the next good record, can
// become its resting point; a file that breaks has none at its end. A nil
// FileRests, for inventory, passes everything through.
func (r *FileRests) Serve(path string, records iter.Seq2[access.Record, error], yield func(access.Record, error) bool) bool {
	w := &restWalk{yield: yield}
	sum, err := r.digest(path)
	if err != nil {
		yield(access.Record{}, err)
		return false
	}
	if r != nil && slices.Contains(r.cursor.Done, sum) {
		return true
	}
	n, skip, next := 0, r.served(sum), restEvery
	for rec, err := range records {
		if n++; n <= skip {
			continue
		}
		if r != nil && err == nil && n > next && w.held != nil {
			w.held.Rest, next = r.cursor.inside(sum, n-1), n+restEvery
		}
		if !w.outcome(rec, err) {
			return false
		}
	}
	if r != nil {
		r.cursor = fileCursor{Done: append(slices.Clone(r.cursor.Done), sum)}
		if w.held != nil {
			w.held.Rest = r.cursor.text()
		}
	}
	return w.flush()
}

// served returns how many items of the file with digest sum were served.
func (r *FileRests) served(sum string) int {
	if r == nil || r.cursor.In != sum {
		return 0
	}
	return r.cursor.Items
}

// A restWalk is one pass over a file with one record held back.
type restWalk struct {
	yield func(access.Record, error) bool
	held  *access.Record
}

// outcome yields a fault at once, and holds a record in place of the last one.
// Any other error ends the file.
func (w *restWalk) outcome(rec access.Record, err error) bool {
	var fault *access.Fault
	switch {
	case errors.As(err, &fault):
		return w.yield(access.Record{}, fault)
	case err != nil:
		if w.flush() {
			w.yield(access.Record{}, err)
		}
		return false
	}
	ok := w.flush()
	w.held = &rec
	return ok
}

// flush yields the record that is held, if there is one.
func (w *restWalk) flush() bool {
	rec := w.held
	w.held = nil
	return rec == nil || w.yield(*rec, nil)
}

// text returns the cursor's text.
func (c fileCursor) text() access.Cursor {
	b, err := json.Marshal(c)
	if err != nil { // strings and an int always marshal
		panic(err)
	}
	return access.Cursor(b)
}

// inside returns the resting point after n items of the file with digest sum.
func (c fileCursor) inside(sum string, n int) access.Cursor {
	c.In, c.Items = sum, n
	return c.text()
}

// digest returns the SHA-256 of the salt and the file's bytes as they lie on
// disk, in hex; for inventory, which is always served, nothing.
func (r *FileRests) digest(path string) (string, error) {
	if r == nil {
		return "", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open saved file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	io.WriteString(h, r.salt) //nolint:errcheck // a hash takes every byte
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read saved file %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
