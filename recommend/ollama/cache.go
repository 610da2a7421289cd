package ollama

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"winnow/recommend"
)

// maxKept is how many drafts are kept; those that were not needed for longest
// are dropped first.
const maxKept = 5000

// An entry is what came of asking for one pattern.
type entry struct {
	Key       string               `json:"key"`   // see recommend.Pattern.Key
	Guard     string               `json:"guard"` // Accepted, Retried, or Refused and a code
	Sentences []recommend.Sentence `json:"sentences,omitempty"`
}

// A cache keeps drafts by key, in memory and in a file of one entry a line, the
// entries that were needed last at its end. It may be used by many goroutines.
type cache struct {
	mu      sync.Mutex
	path    string
	entries map[string]entry
	order   []string        // keys as the file has them
	used    map[string]bool // keys that this night needed
	fresh   []string        // of these, in their order
	changed bool
}

// openCache reads the file. One that is not there, or lines of it that cannot be
// read, are no drafts.
func openCache(path string) *cache {
	c := &cache{path: path, entries: map[string]entry{}, used: map[string]bool{}}
	if path == "" {
		return c
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return c
	}
	for line := range bytes.Lines(data) {
		var e entry
		if json.Unmarshal(line, &e) != nil || e.Key == "" {
			continue
		}
		if _, twice := c.entries[e.Key]; !twice {
			c.order = append(c.order, e.Key)
		}
		c.entries[e.Key] = e
	}
	return c
}

func (c *cache) get(key string) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if ok {
		c.touch(key)
	}
	return e, ok
}

func (c *cache) put(e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[e.Key] = e
	c.touch(e.Key)
	c.changed = true
}

func (c *cache) touch(key string) {
	if !c.used[key] {
		c.used[key] = true
		c.fresh = append(c.fresh, key)
	}
}

// save writes the file anew where something was learnt.
func (c *cache) save() (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.path == "" || !c.changed {
		return nil
	}
	var keys []string
	for _, key := range c.order {
		if !c.used[key] {
			keys = append(keys, key)
		}
	}
	keys = append(keys, c.fresh...)
	keys = keys[max(0, len(keys)-maxKept):]
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(c.path), filepath.Base(c.path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if gone := os.Remove(f.Name()); err == nil && gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = gone
		}
	}()
	if err := errors.Join(c.write(f, keys), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), c.path); err != nil {
		return err
	}
	c.changed = false
	return nil
}

func (c *cache) write(f *os.File, keys []string) error {
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, key := range keys {
		if err := enc.Encode(c.entries[key]); err != nil {
			return fmt.Errorf("write a draft: %w", err)
		}
	}
	return w.Flush()
}
