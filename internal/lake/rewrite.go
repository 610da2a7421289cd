package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A Rewriter decides what stays of sealed items, when a person has to be
// forgotten. It decides the same whenever it is asked the same.
type Rewriter struct {
	// Item returns the item that takes the place of one, which is the same where
	// nothing is to be done, and nil where it goes.
	Item func(item []byte) []byte

	// Refused says whether a refused item stays.
	Refused func(Refused) bool
}

// A Rewriting counts what a rewriter did, or would do.
type Rewriting struct {
	Dropped, Changed, Refused int64
	Segments                  []Segment // that are another now, as they were
}

// Rewrite passes the sealed batches of a stream through a rewriter. A segment of
// which anything goes is written anew under another name, the batch's manifest
// is replaced, which is the instant at which the new ones count, and the old
// ones are deleted; a kill leaves either the old batch or the new one, and what
// no manifest names is swept away later. What is gone is no longer counted as
// served; the manifest says how much it was. A dry rewriting changes nothing.
func (l *Lake) Rewrite(id StreamID, r Rewriter, dry bool) (done Rewriting, err error) {
	manifests, err := l.Manifests(id)
	for i := 0; err == nil && i < len(manifests); i++ {
		var one Rewriting
		one, err = l.rewriteBatch(manifests[i], r, dry)
		done.Dropped, done.Changed, done.Refused = done.Dropped+one.Dropped, done.Changed+one.Changed, done.Refused+one.Refused
		done.Segments = append(done.Segments, one.Segments...)
		if err == nil && one.Refused > 0 && !dry {
			manifests, err = l.Manifests(id) // what landed refused items later was told
		}
	}
	return done, err
}

// rewriteBatch does so with one batch.
func (l *Lake) rewriteBatch(m Manifest, r Rewriter, dry bool) (Rewriting, error) {
	var done Rewriting
	segments := make([]Segment, 0, len(m.Segments))
	for _, s := range m.Segments {
		was := done
		if err := l.survey(s, r, &done); err != nil {
			return done, err
		}
		if done.Dropped == was.Dropped && done.Changed == was.Changed {
			segments = append(segments, s)
			continue
		}
		done.Segments = append(done.Segments, s)
		if dry || s.Rows == done.Dropped-was.Dropped {
			continue
		}
		anew, err := l.rewriteSegment(s, r)
		if err != nil {
			return done, err
		}
		segments = append(segments, anew)
	}
	file, gone, err := l.rewriteRefused(m, r, dry)
	done.Refused = int64(len(gone))
	if err != nil || dry || len(done.Segments)+len(gone) == 0 {
		return done, err
	}
	old := m
	m.Segments, m.QuarantineFile = segments, file
	m.Landed, m.Quarantined = m.Landed-done.Dropped, m.Quarantined-done.Refused
	m.Served, m.Forgotten = m.Served-done.Dropped-done.Refused, m.Forgotten+done.Dropped+done.Refused
	if err := l.unretry(m, old.QuarantineFile, file, gone); err != nil {
		return done, err
	}
	if err := l.WriteManifest(m); err != nil {
		return done, err
	}
	return done, l.removeOld(done.Segments, old.QuarantineFile, file)
}

// survey counts what the rewriter would do to a segment.
func (l *Lake) survey(s Segment, r Rewriter, done *Rewriting) error {
	return l.Lines(s, func(line []byte) error {
		switch instead := r.Item(line); {
		case instead == nil:
			done.Dropped++
		case string(instead) != string(line):
			done.Changed++
		}
		return nil
	})
}

// rewriteSegment writes what stays of a segment.
func (l *Lake) rewriteSegment(s Segment, r Rewriter) (_ Segment, err error) {
	anew := Segment{Path: another(s.Path, ".ndjson.zst"), Day: s.Day}
	path := filepath.Join(l.Dir, anew.Path)
	f, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return anew, fmt.Errorf("create a segment: %w", err)
	}
	sum := sha256.New()
	enc, err := zstd.NewWriter(io.MultiWriter(f, sum), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		return anew, errors.Join(fmt.Errorf("start a compressor: %w", err), f.Close())
	}
	err = l.Lines(s, func(line []byte) error {
		if line = r.Item(line); line == nil {
			return nil
		}
		anew.Rows++
		anew.Raw += int64(len(line)) + 1
		anew.Sum += itemSum(line)
		_, err := enc.Write(append(line, '\n'))
		return err
	})
	if err = errors.Join(err, enc.Close()); err != nil {
		return anew, errors.Join(fmt.Errorf("write a segment anew: %w", err), f.Close())
	}
	info, err := f.Stat()
	if err != nil {
		return anew, errors.Join(fmt.Errorf("inspect a segment: %w", err), f.Close())
	}
	anew.Bytes, anew.SHA256 = info.Size(), hex.EncodeToString(sum.Sum(nil))
	return anew, seal(f, path)
}

// another is a place beside a file's own: p1-00000.ndjson becomes
// p1-00000.r1.ndjson, and that p1-00000.r2.ndjson.
func another(path, ext string) string {
	base, n := strings.TrimSuffix(path, ext), 1
	if i := strings.LastIndex(base, ".r"); i > strings.LastIndexByte(base, '/') {
		if k, err := fmt.Sscanf(base[i:], ".r%d", &n); err == nil && k == 1 {
			base, n = base[:i], n+1
		}
	}
	return fmt.Sprintf("%s.r%d%s", base, n, ext)
}

// rewriteRefused writes what stays of a batch's quarantine file and returns its
// name, empty where nothing does, and the digests of what goes.
func (l *Lake) rewriteRefused(m Manifest, r Rewriter, dry bool) (file string, gone []string, err error) {
	if m.QuarantineFile == "" {
		return "", nil, nil
	}
	var kept []byte
	for refused, err := range l.Refusals(m.QuarantineFile) {
		if err != nil {
			return m.QuarantineFile, nil, err
		}
		if !r.Refused(refused) {
			gone = append(gone, BodyDigest(refused.Body))
			continue
		}
		line, err := json.Marshal(refused)
		if err != nil {
			return m.QuarantineFile, nil, fmt.Errorf("encode a refused item: %w", err)
		}
		kept = append(append(kept, line...), '\n')
	}
	if len(gone) == 0 || dry {
		return m.QuarantineFile, gone, nil
	}
	if len(kept) == 0 {
		return "", gone, nil
	}
	file = another(m.QuarantineFile, ".ndjson")
	return file, gone, WriteFile(filepath.Join(l.Dir, file), kept)
}

// unretry lets the batches that landed refused items later know under which
// name their file is kept now, and that some of them are gone.
func (l *Lake) unretry(changed Manifest, from, to string, gone []string) error {
	if from == to {
		return nil
	}
	manifests, err := l.Manifests(StreamID{changed.Source, changed.Stream})
	if err != nil {
		return err
	}
	for _, m := range manifests {
		touched := false
		for i := range m.Retried {
			if t := &m.Retried[i]; t.File == from {
				before := len(t.Bodies)
				t.Bodies = slices.DeleteFunc(t.Bodies, func(sum string) bool { return slices.Contains(gone, sum) })
				back := int64(before - len(t.Bodies))
				m.Quarantined, m.Served = m.Quarantined+back, m.Served+back
				t.File, touched = to, true
			}
		}
		if touched {
			m.Retried = slices.DeleteFunc(m.Retried, func(t Retry) bool { return len(t.Bodies) == 0 })
			if err := l.WriteManifest(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeOld deletes what no manifest names any more.
func (l *Lake) removeOld(segments []Segment, from, to string) error {
	var paths []string
	for _, s := range segments {
		paths = append(paths, s.Path)
	}
	if from != to {
		paths = append(paths, from)
	}
	for _, p := range paths {
		if err := os.Remove(filepath.Join(l.Dir, p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete what was forgotten: %w", err)
		}
	}
	return nil
}
