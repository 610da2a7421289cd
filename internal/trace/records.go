package trace

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// A Record is one landed line, verbatim, and where it lies.
type Record struct {
	Segment string // path below the lake
	Line    int    // from 1
	SHA256  string // the segment's seal, which was checked
	Body    []byte
}

// A Want says which lines are looked for.
type Want struct {
	lake.StreamID
	Day  access.Day // events: the UTC day; empty for the newest believed inventory
	IDs  []string   // the line must hold each of these as a JSON string
	Most int        // lines at most
}

// Records returns the landed lines that hold all the ids. Segments whose bytes
// differ from their seal are an error: what they say proves nothing.
func Records(ctx context.Context, lk *lake.Lake, w Want) ([]Record, error) {
	manifests, err := lk.Manifests(w.StreamID)
	if err != nil {
		return nil, err
	}
	needles := make([][]byte, 0, len(w.IDs))
	for _, id := range w.IDs {
		quoted, err := json.Marshal(id)
		if err != nil {
			return nil, fmt.Errorf("look for %q: %w", id, err)
		}
		needles = append(needles, quoted)
	}
	var out []Record
	for _, s := range segments(manifests, w.Day) {
		if len(out) >= w.Most {
			break
		}
		if err := lk.Verify(s); err != nil {
			return nil, err
		}
		found, err := search(ctx, filepath.Join(lk.Dir, s.Path), needles, w.Most-len(out))
		if err != nil {
			return nil, fmt.Errorf("search %s: %w", s.Path, err)
		}
		for _, r := range found {
			r.Segment, r.SHA256 = s.Path, s.SHA256
			out = append(out, r)
		}
	}
	return out, nil
}

// segments picks what counts: a day of events from every batch, or the newest
// believed generation of an inventory.
func segments(manifests []lake.Manifest, day access.Day) (out []lake.Segment) {
	pull := ""
	for _, m := range manifests {
		if !m.Events && m.Complete && m.Held == "" {
			pull = m.Pull
		}
	}
	for _, m := range manifests {
		for _, s := range m.Segments {
			if m.Events && day != "" && s.Day == day || !m.Events && day == "" && m.Pull == pull {
				out = append(out, s)
			}
		}
	}
	return out
}

// search reads one segment and keeps the lines that hold every needle.
func search(ctx context.Context, path string, needles [][]byte, most int) (out []Record, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // opened for reading
	z, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	r := bufio.NewReaderSize(z, 1<<20)
	for n := 1; len(out) < most; n++ {
		line, err := r.ReadBytes('\n')
		if holds(line, needles) {
			out = append(out, Record{Line: n, Body: bytes.TrimRight(line, "\n")})
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return out, nil
}

func holds(line []byte, needles [][]byte) bool {
	for _, n := range needles {
		if !bytes.Contains(line, n) {
			return false
		}
	}
	return len(line) > 0
}
