package lake

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/internal/access"
)

// What waits in memory is bounded: a day's buffer of frameBytes becomes one zstd
// frame of its segment, and when flushBytes wait in all days together, all do.
const (
	frameBytes = 1 << 20
	flushBytes = 24 << 20
)

// A Batch collects items until Seal makes them visible together.
type Batch struct {
	lake  *Lake
	m     Manifest
	open  map[access.Day]*openSegment
	last  *openSegment // that of the item before, or nil
	held  int          // raw bytes that wait
	enc   *zstd.Encoder
	frame []byte          // the last frame's bytes, to be written over
	spare []*bytes.Buffer // buffers of days that were written out
	fault *os.File
}

// An openSegment is a segment under its temporary name.
type openSegment struct {
	buf  *bytes.Buffer // nil while nothing waits
	file *os.File
	sum  hash.Hash
	seg  Segment
}

// Begin starts a batch. Its manifest's source, stream, pull, batch and kind are
// taken from m.
func (l *Lake) Begin(m Manifest) (*Batch, error) {
	if _, err := l.streamDir(m.Source, m.Stream); err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(frameBytes), // a wider one would see no more
		zstd.WithEncoderCRC(false))      // the manifest holds the segment's sha256
	if err != nil {
		return nil, fmt.Errorf("start a compressor: %w", err)
	}
	return &Batch{lake: l, m: m, open: map[access.Day]*openSegment{}, enc: enc}, nil
}

// Rows returns how many items the batch holds.
func (b *Batch) Rows() int64 { return b.m.Served }

// Append adds one item to the segment of its day; inventory has no day. Line
// breaks inside the item, which JSON allows between tokens, become spaces.
func (b *Batch) Append(day access.Day, item []byte, parent string) error {
	s := b.segment(day)
	if parent != "" {
		var err error
		if item, err = Frame(parent, item); err != nil {
			return err
		}
	}
	if s.buf == nil {
		s.buf = b.buffer()
	}
	n := s.buf.Len()
	writeLine(s.buf, item)
	s.seg.Sum += itemSum(s.buf.Bytes()[n:])
	s.buf.WriteByte('\n')
	s.seg.Rows++
	b.m.Served++
	b.m.Landed++
	b.held += s.buf.Len() - n
	switch {
	case b.held >= flushBytes:
		return b.flush()
	case s.buf.Len() >= frameBytes:
		return b.flushOne(s)
	}
	return nil
}

// segment returns the segment of a day, which is nearly always that of the item
// before.
func (b *Batch) segment(day access.Day) *openSegment {
	if b.last == nil || b.last.seg.Day != day {
		if b.open[day] == nil {
			b.open[day] = &openSegment{sum: sha256.New(), seg: Segment{Day: day, Path: b.path(day)}}
		}
		b.last = b.open[day]
	}
	return b.last
}

// buffer returns an empty buffer, one that has grown already where there is one.
func (b *Batch) buffer() *bytes.Buffer {
	last := len(b.spare) - 1
	if last < 0 {
		return &bytes.Buffer{}
	}
	buf := b.spare[last]
	b.spare = b.spare[:last]
	return buf
}

// itemSum is the first eight bytes of an item's sha256. Added up, modulo 2^64,
// they name a set of items: the same items give the same sum in whichever order
// they arrived, and however a kill or the size of a batch divided them.
func itemSum(item []byte) uint64 {
	h := sha256.Sum256(item)
	return binary.BigEndian.Uint64(h[:8])
}

// Frame returns the line as which an item of a sub-resource lands: its
// container's id beside its bytes. Shapes and models describe this form.
func Frame(parent string, item []byte) ([]byte, error) {
	id, err := json.Marshal(parent)
	if err != nil {
		return nil, fmt.Errorf("frame an item: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(`{"parent_id":`)
	b.Write(id)
	b.WriteString(`,"item":`)
	b.Write(bytes.TrimSpace(item))
	b.WriteByte('}')
	return b.Bytes(), nil
}

// writeLine writes an item without its line breaks.
func writeLine(buf *bytes.Buffer, item []byte) {
	item = bytes.TrimSpace(item)
	if bytes.IndexByte(item, '\n') < 0 && bytes.IndexByte(item, '\r') < 0 {
		buf.Write(item)
		return
	}
	for _, c := range item {
		if c == '\n' || c == '\r' {
			c = ' '
		}
		buf.WriteByte(c)
	}
}

// path returns the segment's final place, relative to the lake.
func (b *Batch) path(day access.Day) string {
	part := "gen=" + b.m.Pull
	if b.m.Events {
		part = "day=" + string(day)
	}
	name := fmt.Sprintf("%s-%05d.ndjson.zst", b.m.Pull, b.m.Batch)
	return filepath.Join("landed", string(b.m.Source), string(b.m.Stream), part, name)
}

// flush compresses every waiting buffer into a frame of its segment.
func (b *Batch) flush() error {
	for _, day := range slices.Sorted(maps.Keys(b.open)) {
		if err := b.flushOne(b.open[day]); err != nil {
			return err
		}
	}
	return nil
}

// flushOne writes one frame.
func (b *Batch) flushOne(s *openSegment) error {
	if s.buf == nil {
		return nil
	}
	if s.file == nil {
		f, err := b.create(s.seg.Path)
		if err != nil {
			return err
		}
		s.file = f
	}
	b.frame = b.enc.EncodeAll(s.buf.Bytes(), b.frame[:0])
	s.seg.Raw += int64(s.buf.Len())
	s.seg.Bytes += int64(len(b.frame))
	s.sum.Write(b.frame)
	b.held -= s.buf.Len()
	s.buf.Reset()
	b.spare, s.buf = append(b.spare, s.buf), nil
	if _, err := s.file.Write(b.frame); err != nil {
		return fmt.Errorf("write a segment: %w", err)
	}
	return nil
}

// create opens the temporary file of a place in the lake.
func (b *Batch) create(rel string) (*os.File, error) {
	path := filepath.Join(b.lake.Dir, rel) + ".tmp"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of a segment: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create a segment: %w", err)
	}
	return f, nil
}

// A Refused is one line of a quarantine file.
type Refused struct {
	Place  string    `json:"place"`
	Line   int       `json:"line,omitempty"`
	Field  string    `json:"field,omitempty"`
	Value  string    `json:"value,omitempty"`
	Reason string    `json:"reason"`
	Hint   string    `json:"hint,omitempty"`
	Body   []byte    `json:"body"` // raw bytes, base64 in JSON
	At     time.Time `json:"at"`

	Day access.Day `json:"day,omitempty"` // of an event whose time can be told
}

// Quarantine keeps a refused item with its reason and its bytes.
func (b *Batch) Quarantine(f *access.Fault, at time.Time) error {
	if b.fault == nil {
		b.m.QuarantineFile = filepath.Join("landed", string(b.m.Source), string(b.m.Stream), "quarantine",
			fmt.Sprintf("%s-%05d.ndjson", b.m.Pull, b.m.Batch))
		file, err := b.create(b.m.QuarantineFile)
		if err != nil {
			return err
		}
		b.fault = file
	}
	line, err := json.Marshal(Refused{Place: f.Origin.Place, Line: f.Origin.Line, Field: f.Field, Value: f.Value,
		Reason: f.Reason, Hint: f.Hint, Body: f.Body, At: at, Day: f.Day})
	if err != nil {
		return fmt.Errorf("encode a refused item: %w", err)
	}
	if _, err := b.fault.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write the quarantine: %w", err)
	}
	b.m.Served++
	b.m.Quarantined++
	return nil
}

// Seal makes the batch visible. finish completes the manifest just before it
// is written.
func (b *Batch) Seal(finish func(*Manifest)) (Manifest, error) {
	defer b.enc.Close()
	if err := b.flush(); err != nil {
		return Manifest{}, err
	}
	for _, day := range slices.Sorted(maps.Keys(b.open)) {
		s := b.open[day]
		if err := seal(s.file, filepath.Join(b.lake.Dir, s.seg.Path)); err != nil {
			return Manifest{}, err
		}
		s.seg.SHA256 = hex.EncodeToString(s.sum.Sum(nil))
		b.m.Segments = append(b.m.Segments, s.seg)
	}
	if b.fault != nil {
		if err := seal(b.fault, filepath.Join(b.lake.Dir, b.m.QuarantineFile)); err != nil {
			return Manifest{}, err
		}
	}
	finish(&b.m)
	return b.m, b.lake.WriteManifest(b.m)
}

// Drop throws the batch away.
func (b *Batch) Drop() error {
	b.enc.Close()
	var errs []error
	for _, s := range b.open {
		if s.file != nil {
			errs = append(errs, s.file.Close(), os.Remove(s.file.Name()))
		}
	}
	if b.fault != nil {
		errs = append(errs, b.fault.Close(), os.Remove(b.fault.Name()))
	}
	return errors.Join(errs...)
}
