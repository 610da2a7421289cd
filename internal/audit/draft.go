package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"winnow/internal/lake"
)

// draftFile is the place of a draft, which is named by its SHA-256.
func draftFile(dir, hash string) string { return filepath.Join(dir, "draft", hash+".json") }

// draftHash is the SHA-256 of a draft, in hexadecimal.
func draftHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// KeepDraft keeps a draft beside the chain and returns its hash, for the field
// Draft of a fact. A draft holds slots in place of values and names, so that it
// speaks of nobody; nights that use it again share one file. It is kept before
// the entry is made, so that no entry speaks of a draft that never was.
func (l *Log) KeepDraft(content []byte) (hash string, err error) {
	hash = draftHash(content)
	if _, err := l.DraftText(hash); err == nil {
		return hash, nil
	}
	return hash, lake.WriteFile(draftFile(l.dir, hash), content)
}

// DraftText returns the draft of a hash. Errors: it is not there
// (fs.ErrNotExist), or it was changed.
func (l *Log) DraftText(hash string) ([]byte, error) { return readDraft(l.dir, hash) }

func readDraft(dir, hash string) ([]byte, error) {
	b, err := os.ReadFile(draftFile(dir, hash))
	if err != nil {
		return nil, fmt.Errorf("read a draft: %w", err)
	}
	if draftHash(b) != hash {
		return nil, errors.New("the draft is not the one that was kept")
	}
	return b, nil
}

// drafts compares every draft that an entry names, once, and counts them.
func (v *verification) drafts(dir string) (whole int, fault *Fault) {
	for _, r := range v.worded {
		_, err := readDraft(dir, r.hash)
		switch {
		case err == nil:
			whole++
		case errors.Is(err, fs.ErrNotExist):
			return whole, &Fault{r.Place, r.seq, "has lost its draft " + r.hash}
		default:
			return whole, &Fault{r.Place, r.seq, err.Error()}
		}
	}
	return whole, nil
}

// A draftRef is the first entry that names a draft.
type draftRef struct {
	Place
	seq  int64
	hash string
}

// names notes the draft of an entry.
func (v *verification) names(e Entry, at Place) {
	if e.Draft == "" || v.known[e.Draft] {
		return
	}
	v.known[e.Draft] = true
	v.worded = append(v.worded, draftRef{at, e.Seq, e.Draft})
}
