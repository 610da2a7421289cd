package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"winnow/internal/access"
)

const manifestDir = "manifest"

// A Segment is one sealed, immutable file of landed items.
type Segment struct {
	Path   string     `json:"path"`          // relative to the lake
	Day    access.Day `json:"day,omitempty"` // UTC day of the events; empty for inventory
	Rows   int64      `json:"rows"`
	Bytes  int64      `json:"bytes"`  // as stored, compressed
	Raw    int64      `json:"raw"`    // before compression
	SHA256 string     `json:"sha256"` // of the stored bytes
	Sum    uint64     `json:"sum"`    // of the items, see itemSum; says what is in it whatever the order and the division into segments
}

// The statuses of a day in the coverage ledger.
const (
	Complete = "complete"
	Partial  = "partial"
	Gap      = "gap"
)

// A DayCoverage says how far the stream's answers cover one day.
type DayCoverage struct {
	Day    access.Day `json:"day"`
	Status string     `json:"status"`
	Reason string     `json:"reason,omitempty"`
}

// A Manifest seals one batch. Its appearance under its final name is the
// instant at which the batch exists.
type Manifest struct {
	Source      access.SourceName `json:"source"`
	Stream      access.StreamName `json:"stream"`
	Pull        string            `json:"pull"`
	Batch       int               `json:"batch"`
	Events      bool              `json:"events"`         // false for inventory
	Rest        access.Cursor     `json:"rest,omitempty"` // where the next pull resumes
	Complete    bool              `json:"complete"`       // inventory: every page arrived; events: the window was read to its end
	Held        string            `json:"held,omitempty"` // why this generation must not be believed yet
	Segments    []Segment         `json:"segments,omitempty"`
	Served      int64             `json:"served"`
	Landed      int64             `json:"landed"`
	Quarantined int64             `json:"quarantined"`
	Coverage    []DayCoverage     `json:"coverage,omitempty"`
	Note        string            `json:"note,omitempty"` // why the pull ended early, or what was absent
	At          time.Time         `json:"at"`             // wall clock, outside every comparison

	QuarantineFile string `json:"quarantine_file,omitempty"`

	// Forgotten is how many items were removed since, because a person was
	// forgotten; they are in none of the counts above.
	Forgotten int64 `json:"forgotten,omitempty"`

	// Retried marks a batch of events that were refused before and fit now. It
	// serves nothing: what it lands it takes off the quarantine, so that its
	// Quarantined is negative and the sums over a stream still balance.
	Retried []Retry `json:"retried,omitempty"`
}

// Manifests returns the sealed batches of a stream in the order in which they
// were pulled.
func (l *Lake) Manifests(id StreamID) ([]Manifest, error) {
	dir, err := l.streamDir(id.Source, id.Stream)
	if err != nil {
		return nil, err
	}
	names, err := readDir(filepath.Join(dir, manifestDir))
	if err != nil {
		return nil, err
	}
	var out []Manifest
	for _, name := range names {
		if !strings.HasSuffix(name, ".json") {
			continue
		}
		var m Manifest
		if err := readJSON(filepath.Join(dir, manifestDir, name), &m); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// readJSON decodes one file.
func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return access.WithHint(fmt.Errorf("read %s: %w", path, err),
			"the file was changed after it was sealed; restore it from a backup, or move the stream's folder away to pull it anew")
	}
	return nil
}

// WriteManifest seals a batch: the file appears whole or not at all.
func (l *Lake) WriteManifest(m Manifest) error {
	dir, err := l.streamDir(m.Source, m.Stream)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("encode the manifest: %w", err)
	}
	name := fmt.Sprintf("%s-%05d.json", m.Pull, m.Batch)
	return WriteFile(filepath.Join(dir, manifestDir, name), append(b, '\n'))
}

// Verify reads a segment's bytes and compares size and hash with the manifest,
// since a compressed file that was cut short reads as fewer rows without an
// error.
func (l *Lake) Verify(s Segment) error {
	f, err := os.Open(filepath.Join(l.Dir, s.Path))
	if err != nil {
		return fmt.Errorf("verify a segment: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return fmt.Errorf("verify %s: %w", s.Path, err)
	}
	if n != s.Bytes || hex.EncodeToString(h.Sum(nil)) != s.SHA256 {
		return access.WithHint(fmt.Errorf("verify %s: holds %d bytes that differ from the %d sealed", s.Path, n, s.Bytes),
			"restore the file from a backup, or remove the stream's folder in the lake to pull it anew")
	}
	return nil
}
