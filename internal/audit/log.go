package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"winnow/internal/access"
)

// A Log appends to the chain in a folder. It may be used by several goroutines,
// and beside other processes: a lock of the kernel lets one write at a time.
type Log struct {
	dir string
	now func() time.Time

	mu   sync.Mutex
	tail tail // as this process left it
}

// A tail is where the chain ends.
type tail struct {
	file string // newest file; empty for none
	size int64  // of it
	last Entry
	torn []byte // after the last entry, its line break included where it has one
	open bool   // the last entry has no line break
}

// Open returns the log in dir, which it creates, readable by its owner only.
// now gives the time of the entries.
func Open(dir string, now func() time.Time) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of the audit trail: %w", err)
	}
	return &Log{dir: dir, now: now}, nil
}

// Append enters facts, all or, when winnow is killed meanwhile, the first ones,
// and returns the entries once they are on the disk. It first mends what a kill
// tore. Errors: a fact holds what must not stand in the chain, or the folder
// cannot be written.
func (l *Log) Append(facts ...Fact) (out []Entry, err error) {
	for _, f := range facts {
		if err := f.check(); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	release, err := l.lock()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := l.catchUp(); err != nil {
		return nil, err
	}
	at := l.now().UTC()
	if err := l.mend(at); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	last := l.tail.last
	for _, f := range facts {
		e := Entry{Seq: last.Seq + 1, Prev: last.Hash, At: at, Fact: f}
		b.Write(e.line())
		b.WriteByte('\n')
		out, last = append(out, e), e
	}
	// A clock that went back does not reopen a month that is over.
	return out, l.write(max(at.Format("2006-01")+".ndjson", l.tail.file), b.Bytes(), last)
}

// Head returns the newest entry's number and hash; of an empty chain, 0.
func (l *Log) Head() (Head, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	release, err := shared(l.dir)
	if err != nil {
		return Head{}, err
	}
	defer release()
	if err := l.catchUp(); err != nil {
		return Head{}, err
	}
	return Head{Seq: l.tail.last.Seq, Hash: l.tail.last.Hash}, nil
}

// lock waits for the folder's lock, which the kernel frees when a process ends.
func (l *Log) lock() (func() error, error) {
	f, err := os.OpenFile(filepath.Join(l.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the audit trail: %w", err)
	}
	if err := flock(f, syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the audit trail: %w", err), f.Close())
	}
	return f.Close, nil
}

// mend ends a torn line and enters that it did, in the same file.
func (l *Log) mend(at time.Time) error {
	t := &l.tail
	if len(t.torn) == 0 && !t.open {
		return nil
	}
	torn, lead := t.torn, ""
	if n := len(torn); t.open || torn[n-1] != '\n' {
		lead = "\n"
	}
	fact := Fact{Kind: Mend}
	if !t.open {
		torn = append(bytes.Clone(torn), lead...)
		sum := sha256.Sum256(torn)
		fact.N, fact.Torn = int64(len(torn)), hex.EncodeToString(sum[:])
	}
	e := Entry{Seq: t.last.Seq + 1, Prev: t.last.Hash, At: at, Fact: fact}
	return l.write(t.file, append(append([]byte(lead), e.line()...), '\n'), e)
}

// write appends to a file with one write, syncs it, and remembers the new tail.
func (l *Log) write(name string, b []byte, last Entry) error {
	if len(b) == 0 {
		return nil
	}
	path := filepath.Join(l.dir, name)
	_, missing := os.Stat(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the audit trail: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync()); err == nil && missing != nil {
		err = syncDir(l.dir)
	}
	size, sizeErr := f.Seek(0, io.SeekEnd)
	if err := errors.Join(err, sizeErr, f.Close()); err != nil {
		l.tail = tail{} // to be read again
		return access.WithHint(fmt.Errorf("write the audit trail: %w", err), "what is not entered is not done: look whether the disk of "+l.dir+" is full or read-only")
	}
	l.tail = tail{file: name, size: size, last: last}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
