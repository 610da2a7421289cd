package audit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// A Place is where a line stands.
type Place struct {
	File string `json:"file"` // name in the folder of the chain, for instance 2026-11.ndjson
	Line int    `json:"line"` // from 1
}

func (p Place) String() string { return fmt.Sprintf("%s line %d", p.File, p.Line) }

// monthName is how the files of the chain are called.
var monthName = regexp.MustCompile(`^\d{4}-\d{2}\.ndjson$`)

// months lists the files of the chain, oldest first.
func months(dir string) (out []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the audit trail: %w", err)
	}
	for _, e := range entries { // in the order of their names
		if monthName.MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// shared keeps writers away while the chain is read, where there is a lock: a
// copy of the folder has none.
func shared(dir string) (release func(), err error) {
	f, err := os.Open(filepath.Join(dir, "lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the lock of the audit trail: %w", err)
	}
	if err := flock(f, syscall.LOCK_SH); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the audit trail: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // which frees it
}

// flock waits for a lock.
func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// tornLimit bounds the bytes that one entry of kind mend speaks of.
const tornLimit = 1 << 20

// A walk follows the chain line by line.
type walk struct {
	last  Entry
	at    Place     // of the last entry
	bad   *Fault    // where the first line stands that does not follow
	torn  hash.Hash // of the lines from there on
	bytes int64
	mends int

	entry func(Entry, Place) // told of every entry that follows
}

// follow walks through all files of the chain.
func follow(dir string, entry func(Entry, Place)) (*walk, error) {
	w := &walk{last: Entry{Hash: zeros}, torn: sha256.New(), entry: entry}
	files, err := months(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if err := w.file(dir, name); err != nil {
			return nil, err
		}
		if w.bytes > tornLimit {
			break
		}
	}
	return w, nil
}

// file walks through one file.
func (w *walk) file(dir, name string) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("open the audit trail: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	lines := bufio.NewReaderSize(f, 1<<18)
	whole := true // the line before ended
	for n := 1; ; {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			w.line(line, Place{name, n}, whole)
		}
		if whole = err == nil; whole {
			n++
		}
		switch {
		case errors.Is(err, io.EOF) || w.bytes > tornLimit:
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
}

// line takes one line, or a part of one that is longer than any of ours.
func (w *walk) line(line []byte, at Place, begins bool) {
	text, ended := bytes.CutSuffix(line, []byte("\n"))
	e, err := parse(text)
	switch {
	case !begins || !ended:
		err = errors.New("is cut short")
	case err != nil:
	case e.Seq != w.last.Seq+1:
		err = fmt.Errorf("has the number %d after %d", e.Seq, w.last.Seq)
	case e.Prev != w.last.Hash:
		err = errors.New("does not name the hash of the entry before it")
	case w.bad == nil || w.mended(e):
		w.accept(e, at)
		return
	}
	if w.bad == nil {
		if err == nil {
			err = errors.New("does not follow")
		}
		w.bad = &Fault{Place: at, Seq: w.last.Seq + 1, Reason: err.Error()}
	}
	w.torn.Write(line)
	w.bytes += int64(len(line))
}

// mended says whether the entry accounts for the lines that do not follow.
func (w *walk) mended(e Entry) bool {
	return e.Kind == Mend && e.N == w.bytes && e.Torn == hex.EncodeToString(w.torn.Sum(nil))
}

// accept goes on from an entry.
func (w *walk) accept(e Entry, at Place) {
	if e.Kind == Mend {
		w.mends++
	}
	w.last, w.at, w.bad, w.bytes = e, at, nil, 0
	w.torn.Reset()
	if w.entry != nil {
		w.entry(e, at)
	}
}
