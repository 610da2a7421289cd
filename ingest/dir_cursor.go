package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"winnow/internal/access"
)

// restEvery is the number of lines between two resting points inside a file.
const restEvery = 1000

// A dirCursor is the resting point of a stream that is read from files. It
// knows them by content: a file that was renamed is not served again, one that
// has grown is, and the rows that it repeats are duplicates by their ids.
type dirCursor struct {
	Done  []string `json:"file_sha256"`     // digests of the files that were read to their end
	In    string   `json:"in,omitempty"`    // digest of the file that is being read
	Items int      `json:"items,omitempty"` // how many of its items were served
}

// parseDirCursor reads a cursor; the empty one is the start.
func parseDirCursor(c access.Cursor) (dirCursor, error) {
	var out dirCursor
	if c == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(c), &out); err != nil {
		return out, access.WithHint(fmt.Errorf("read cursor of a folder: %w", err),
			"the source was read from an API before: give the folder a source name of its own")
	}
	return out, nil
}

// String returns the cursor's text.
func (c dirCursor) String() access.Cursor {
	b, err := json.Marshal(c)
	if err != nil { // strings and an int always marshal
		panic(err)
	}
	return access.Cursor(b)
}

// inside returns the resting point after n items of the file with digest sum.
func (c dirCursor) inside(sum string, n int) access.Cursor {
	c.In, c.Items = sum, n
	return c.String()
}

// after returns the cursor past the end of the file with digest sum.
func (c dirCursor) after(sum string) dirCursor {
	return dirCursor{Done: append(slices.Clone(c.Done), sum)}
}

// resume reads the file's digest and says whether the file is done, and how
// many of its items were served before.
func (w *dirWalk) resume(f dirFile) (sum string, seen bool, skip int, err error) {
	if !w.rests {
		return "", false, 0, nil
	}
	if sum, err = digest(f.path); err != nil {
		return "", false, 0, err
	}
	if w.cursor.In == sum {
		skip = w.cursor.Items
	}
	return sum, slices.Contains(w.cursor.Done, sum), skip, nil
}

// digest returns the SHA-256 of a file's bytes as they lie on disk, in hex.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open saved file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read saved file %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
