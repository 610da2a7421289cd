package audit

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"winnow/internal/lake"
)

// saltBytes are random and stand before a body's content: with them the
// commitment is a keyed hash, which cannot be guessed at, however few contents
// are possible, once the body is gone.
const saltBytes = 32

// bodyFile is the place of a body, which is named by its commitment.
func (l *Log) bodyFile(commitment string) string {
	return filepath.Join(l.dir, "body", commitment[:2], commitment)
}

// Keep puts content beside the chain and returns the commitment to it and the
// person's pseudonym, for the fields Body and Who of a fact. A body that speaks
// of a person is sealed with their key; for person "" it is not sealed. It is
// kept before the entry is made, so that no entry speaks of a body that never
// was.
func (l *Log) Keep(person string, content []byte) (who, commitment string, err error) {
	plain := make([]byte, saltBytes, saltBytes+len(content))
	_, _ = rand.Read(plain) // never fails
	plain = append(plain, content...)
	commitment = commit(plain)
	if person != "" {
		k, err := l.keyOf(person)
		if err != nil {
			return "", "", err
		}
		who, plain = k.pseudonym(), k.seal(plain)
	}
	return who, commitment, lake.WriteFile(l.bodyFile(commitment), plain)
}

// Body returns the content to which an entry is committed. Errors: it was
// forgotten (fs.ErrNotExist), or it was changed.
func (l *Log) Body(e Entry) ([]byte, error) {
	keys, err := l.keys()
	if err != nil {
		return nil, err
	}
	return l.open(keys, e.Who, e.Body)
}

// open reads a body, opens it and compares it with the commitment.
func (l *Log) open(keys map[string]key, who, commitment string) ([]byte, error) {
	if len(commitment) != 2*sha256.Size {
		return nil, errors.New("the commitment is no hash")
	}
	b, err := os.ReadFile(l.bodyFile(commitment))
	if err != nil {
		return nil, fmt.Errorf("read a body: %w", err)
	}
	if who != "" {
		k, ok := keys[who]
		if !ok {
			return nil, fmt.Errorf("open a body: its key is gone: %w", fs.ErrNotExist)
		}
		if b, err = k.unseal(b); err != nil {
			return nil, err
		}
	}
	if len(b) < saltBytes || commit(b) != commitment {
		return nil, errors.New("the body is not the one that was kept")
	}
	return b[saltBytes:], nil
}

// commit is the HMAC-SHA256 of the content under its salt.
func commit(plain []byte) string {
	h := hmac.New(sha256.New, plain[:saltBytes])
	h.Write(plain[saltBytes:])
	return hex.EncodeToString(h.Sum(nil))
}

// aead is AES-256 in Galois counter mode under the person's key for bodies.
func (k key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.derive("winnow audit body"))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // the block has 16 bytes
	}
	return gcm
}

func (k key) seal(plain []byte) []byte {
	return k.aead().Seal(nil, nil, plain, nil) //nolint:gosec // G407: this mode draws a nonce of its own
}

func (k key) unseal(sealed []byte) ([]byte, error) {
	plain, err := k.aead().Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, errors.New("open a body: it was changed, or its key was")
	}
	return plain, nil
}

// keys reads all keys, by pseudonym.
func (l *Log) keys() (map[string]key, error) {
	dir := filepath.Join(l.dir, "key")
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the keys of the audit trail: %w", err)
	}
	out := map[string]key{}
	for _, e := range entries {
		if b, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil && len(b) == keyBytes {
			out[key(b).pseudonym()] = bytes.Clone(b)
		}
	}
	return out, nil
}

// A BodyReport counts what lies beside the chain.
type BodyReport struct {
	Whole     int `json:"whole"`     // bodies that are as they were kept
	Forgotten int `json:"forgotten"` // bodies that are gone, of persons of whom the chain says so
}

// bodies compares every body with its entry.
func (v *verification) bodies(dir string) (out BodyReport, _ *Fault, err error) {
	if len(v.refs) == 0 {
		return out, nil, nil
	}
	l := &Log{dir: dir}
	keys, err := l.keys()
	if err != nil {
		return out, nil, err
	}
	for _, r := range v.refs {
		_, err := l.open(keys, r.who, r.body)
		switch {
		case err == nil:
			out.Whole++
		case errors.Is(err, fs.ErrNotExist) && r.who != "" && v.forgotten[r.who]:
			out.Forgotten++
		case errors.Is(err, fs.ErrNotExist):
			return out, &Fault{r.Place, r.seq, "has lost its body, and no entry says that the person was forgotten"}, nil
		default:
			return out, &Fault{r.Place, r.seq, err.Error()}, nil
		}
	}
	return out, nil, nil
}
