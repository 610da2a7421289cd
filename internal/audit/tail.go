package audit

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"winnow/internal/access"
)

// tailBytes is how much of a file's end is looked through for its last entry:
// more than a torn write leaves.
const tailBytes = 2 << 20

// catchUp reads where the chain ends, unless this process wrote there last.
func (l *Log) catchUp() error {
	files, err := months(l.dir)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		l.tail = tail{last: Entry{Hash: zeros}}
		return nil
	}
	newest := files[len(files)-1]
	info, err := os.Stat(filepath.Join(l.dir, newest))
	if err != nil {
		return fmt.Errorf("inspect the audit trail: %w", err)
	}
	if l.tail.file == newest && l.tail.size == info.Size() {
		return nil
	}
	t, found, err := l.readTail(newest)
	for i := len(files) - 2; err == nil && !found && i >= 0; i-- {
		var before tail
		before, found, err = l.readTail(files[i])
		if before.open || len(before.torn) > 0 {
			return access.WithHint(fmt.Errorf("go on with the audit trail: %s ends with a line that is cut short, and a newer file follows it", files[i]),
				"winnow audit verify says what is wrong; restore the folder from a backup")
		}
		t.last = before.last
	}
	if err == nil && !found && (len(files) > 1 || len(t.torn) == tailBytes) {
		err = access.WithHint(fmt.Errorf("go on with the audit trail: %s holds no entry at its end", newest),
			"winnow audit verify says what is wrong; restore the folder from a backup")
	}
	l.tail = t
	return err
}

// readTail finds the last entry of a file, and what follows it.
func (l *Log) readTail(name string) (t tail, found bool, err error) {
	t = tail{file: name, last: Entry{Hash: zeros}}
	f, err := os.Open(filepath.Join(l.dir, name))
	if err != nil {
		return t, false, fmt.Errorf("open the audit trail: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	if t.size, err = f.Seek(0, io.SeekEnd); err != nil {
		return t, false, fmt.Errorf("inspect the audit trail: %w", err)
	}
	b := make([]byte, min(t.size, tailBytes))
	if _, err := f.ReadAt(b, t.size-int64(len(b))); err != nil && len(b) > 0 {
		return t, false, fmt.Errorf("read the audit trail: %w", err)
	}
	for end := len(b); end > 0; {
		start := bytes.LastIndexByte(b[:end-1], '\n') + 1
		if e, err := parse(bytes.TrimSuffix(b[start:end], []byte("\n"))); err == nil {
			t.last, t.open = e, b[end-1] != '\n'
			t.torn = b[end:]
			return t, true, nil
		}
		end = start
	}
	t.torn = b
	return t, false, nil
}
