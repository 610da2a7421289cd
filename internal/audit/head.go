package audit

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"winnow/internal/access"
)

// A Head fixes the chain up to one entry.
type Head struct {
	Seq  int64  `json:"seq"` // 0 where only the hash is known
	Hash string `json:"hash"`
}

// String writes the head as one word that goes into a ticket: 120:4f3a….
func (h Head) String() string { return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash }

// ParseHead reads a head: number and hash, or the hash alone.
func ParseHead(text string) (Head, error) {
	number, sum, both := strings.Cut(strings.TrimSpace(text), ":")
	h := Head{Hash: sum}
	if !both {
		h.Hash = number
	} else {
		var err error
		if h.Seq, err = strconv.ParseInt(number, 10, 64); err != nil || h.Seq < 1 {
			h.Hash = ""
		}
	}
	if b, err := hex.DecodeString(h.Hash); err != nil || len(b) != len(zeros)/2 {
		return Head{}, access.WithHint(fmt.Errorf("read the head %q: it is no hash", text), "write it as winnow audit head prints it, for instance 120:4f3a…")
	}
	return h, nil
}

// WriteAnchor appends a head to a file of anchors, with the time, and syncs it.
// The file belongs where those who may write to the data folder cannot change
// it, for instance on a share that only lets files grow.
func WriteAnchor(path string, h Head, at time.Time) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the file of anchors: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s %s\n", h, at.UTC().Format(time.RFC3339))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the file of anchors: %w", err)
	}
	return nil
}

// ReadAnchors reads a file of anchors: a head a line, and after it whatever a
// person noted. A last line that is cut short is left out.
func ReadAnchors(path string) (out []Head, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file of anchors: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		word, _, noted := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if word == "" {
			continue
		}
		h, err := ParseHead(word)
		if err != nil {
			if !noted && !lines.Scan() {
				break
			}
			return nil, fmt.Errorf("%s line %d: %w", path, n, err)
		}
		out = append(out, h)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the file of anchors: %w", err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read the file of anchors: %s holds none", path)
	}
	return out, nil
}
