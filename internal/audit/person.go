package audit

import (
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

// A key is one person's: from it follow the pseudonym under which the chain
// speaks of them, and what their bodies are sealed with. Without it neither can
// be found again.
type key []byte

const keyBytes = 32

// derive returns the HMAC-SHA256 of a purpose.
func (k key) derive(purpose string) []byte {
	h := hmac.New(sha256.New, k)
	h.Write([]byte(purpose))
	return h.Sum(nil)
}

// pseudonym is what stands in the chain.
func (k key) pseudonym() string { return hex.EncodeToString(k.derive("winnow audit pseudonym")[:16]) }

// keyFile is the place of a person's key. Its name follows from the person and
// a secret of the folder, so that a list of names tells nobody who is in it.
func (l *Log) keyFile(person string) (string, error) {
	salt, err := l.secret(filepath.Join(l.dir, "salt"), true)
	if err != nil {
		return "", err
	}
	return filepath.Join(l.dir, "key", hex.EncodeToString(salt.derive("winnow audit key " + person)[:16])), nil
}

// secret reads 32 random bytes, which it makes where they are missing and
// wanted.
func (l *Log) secret(path string, wanted bool) (key, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && wanted {
		b = make([]byte, keyBytes)
		_, _ = rand.Read(b) // never fails
		err = lake.WriteFile(path, b)
	}
	if err != nil {
		return nil, fmt.Errorf("read a key of the audit trail: %w", err)
	}
	if len(b) != keyBytes {
		return nil, fmt.Errorf("read a key of the audit trail: %s holds %d bytes, not %d", path, len(b), keyBytes)
	}
	return b, nil
}

// Pseudonym returns the word under which the chain speaks of a person, who is
// named by an id that stays the same, for instance identity_id. It makes the
// person's key where there is none.
func (l *Log) Pseudonym(person string) (string, error) {
	k, err := l.keyOf(person)
	if err != nil {
		return "", err
	}
	return k.pseudonym(), nil
}

func (l *Log) keyOf(person string) (key, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	path, err := l.keyFile(person)
	if err != nil {
		return nil, err
	}
	return l.secret(path, true)
}

// Forget deletes the bodies that speak of the persons under whom one human is
// known here, and their keys, and enters for each that it did, under the
// pseudonym, which then leads nowhere. It returns the number of bodies. Persons
// of whom nothing is kept leave no entry. It may be repeated after a kill.
func (l *Log) Forget(run string, persons ...string) (bodies int, err error) {
	for _, person := range persons {
		n, err := l.forget(run, person)
		bodies += n
		if err != nil {
			return bodies, fmt.Errorf("forget in the audit trail: %w", err)
		}
	}
	return bodies, nil
}

func (l *Log) forget(run, person string) (int, error) {
	l.mu.Lock()
	path, err := l.keyFile(person)
	l.mu.Unlock()
	if err != nil {
		return 0, err
	}
	k, err := l.secret(path, false)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	who := k.pseudonym()
	var bodies []string
	if _, err := follow(l.dir, func(e Entry, _ Place) {
		if e.Who == who && e.Body != "" {
			bodies = append(bodies, e.Body)
		}
	}); err != nil {
		return 0, err
	}
	// The entry comes first: what is missing afterwards is accounted for.
	if _, err := l.Append(Fact{Kind: Forget, N: int64(len(bodies)), Run: run, Who: who}); err != nil {
		return 0, err
	}
	for _, b := range bodies {
		if err := os.Remove(l.bodyFile(b)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return 0, err
		}
	}
	// The key goes last: until then a kill leaves enough to begin anew.
	return len(bodies), errors.Join(os.Remove(path), syncDir(filepath.Dir(path)))
}
