package apply

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"winnow/internal/access"
)

// The files of a plan in its folder.
const (
	journalName = "receipts.ndjson"
	planFile    = "plan.json"
)

// A Journal is the receipts of one plan, which only grow. It is used by one
// goroutine of one process at a time.
type Journal struct {
	dir, plan string
	f         *os.File // nil until something is appended
	now       func() time.Time
	list      []Receipt
	last      []byte // the newest receipt's line
	torn      int    // what load found at the end
}

// openJournal reads the receipts of a plan in its folder. Nothing is made or
// changed before the first one is appended.
func openJournal(dir, plan string, now func() time.Time) (*Journal, error) {
	j := &Journal{dir: dir, plan: plan, now: now}
	return j, j.load()
}

// open makes the folder and the file, readable by their owner only, and ends and
// tells a line that a kill tore.
func (j *Journal) open() (err error) {
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of the receipts: %w", err)
	}
	if j.f, err = os.OpenFile(filepath.Join(j.dir, journalName), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return fmt.Errorf("open the receipts: %w", err)
	}
	if err = errors.Join(syncFolder(j.dir), syncFolder(filepath.Dir(j.dir))); j.torn != 0 {
		_, ended := j.f.WriteString("\n")
		err = errors.Join(err, ended)
	}
	if torn := j.torn; err == nil && torn > 0 {
		j.torn = 0
		err = j.append(Receipt{State: Mended, Reason: fmt.Sprintf("the line before was torn after %d bytes", torn)})
	}
	if err != nil {
		return fmt.Errorf("open the receipts: %w", err)
	}
	return nil
}

// load reads the receipts, and the length of a torn last line; of one that lacks
// nothing but its end, -1.
func (j *Journal) load() error {
	path := filepath.Join(j.dir, journalName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the receipts: %w", err)
	}
	j.list, j.last, j.torn, err = readReceipts(data)
	if err != nil {
		return access.WithHint(fmt.Errorf("read the receipts %s: %w", path, err),
			"compare the file with a backup, and with winnow audit verify; without its receipts a plan is not sent")
	}
	for _, r := range j.list {
		if r.Plan != j.plan {
			return fmt.Errorf("read the receipts %s: receipt %d speaks of plan %.12s, not of %.12s", path, r.N, r.Plan, j.plan)
		}
	}
	return nil
}

// ReadReceipts reads the lines of a journal. It fails on a line that is not as
// it was written, or is missing, and names it.
func ReadReceipts(data []byte) ([]Receipt, error) {
	list, _, _, err := readReceipts(data)
	return list, err
}

func readReceipts(data []byte) (list []Receipt, last []byte, torn int, err error) {
	broken := 0 // line that is no receipt, and must be told to be torn by the next
	for n := 1; len(data) > 0; n++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		data = rest
		r, ok := receiptOf(line)
		if follows := ok && r.N == len(list)+1 && r.Prev == hashLine(last); !whole && follows {
			return append(list, r), line, -1, nil
		} else if !whole {
			return list, last, len(line), nil
		}
		switch {
		case !ok && broken == 0:
			broken = n
			continue
		case !ok, broken > 0 && r.State != Mended:
			return nil, nil, 0, fmt.Errorf("line %d is no receipt", max(broken, 1))
		case r.N != len(list)+1 || r.Prev != hashLine(last):
			return nil, nil, 0, fmt.Errorf("line %d does not follow from the receipt before it", n)
		}
		broken = 0
		list, last = append(list, r), line
	}
	if broken > 0 {
		return nil, nil, 0, fmt.Errorf("line %d is no receipt", broken)
	}
	return list, last, 0, nil
}

// receiptOf reads a line, or reports that it is no receipt.
func receiptOf(line []byte) (r Receipt, ok bool) {
	err := json.Unmarshal(line, &r)
	return r, err == nil
}

// hashLine is what the next receipt says of a line.
func hashLine(line []byte) string {
	if line == nil {
		return ""
	}
	return access.Digest(line)[:32]
}

// append writes a receipt and returns once it is on the disk.
func (j *Journal) append(r Receipt) error {
	if j.f == nil {
		if err := j.open(); err != nil {
			return err
		}
	}
	r.Plan, r.N, r.Prev, r.At = j.plan, len(j.list)+1, hashLine(j.last), j.now().UTC()
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write a receipt: %w", err)
	}
	_, err = j.f.Write(append(bytes.Clone(line), '\n'))
	if err = errors.Join(err, j.f.Sync()); err != nil {
		return access.WithHint(fmt.Errorf("write a receipt: %w", err), "what has no receipt is not sent: look whether the disk is full or read-only")
	}
	j.list, j.last = append(j.list, r), line
	return nil
}

// close closes the file.
func (j *Journal) close() error {
	if j.f == nil {
		return nil
	}
	return j.f.Close()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
