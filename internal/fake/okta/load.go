package okta

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"
)

// An item is one saved object with what the server looks at.
type item struct {
	body      []byte // verbatim
	parent    string
	id        string
	status    string
	eventType string
	published time.Time
}

// data is the folder's content by stream, in the order of the files; events
// are ordered by their time besides.
type data struct {
	streams  map[string][]item
	children map[string]map[string][]item // stream, container
	known    map[string]map[string]bool   // stream, id: what exists
	ordered  []item                       // system_log by published
}

// top are the streams of whole objects, sub those of items in a container.
var (
	top = []string{"system_log", "users", listGroups, "group_rules", "apps", "entitlements", "principal_entitlements", "campaigns", "reviews"}
	sub = map[string]string{"group_members": listGroups, "group_roles": listGroups, "app_users": "apps",
		"app_groups": "apps", "user_roles": "users",
		"entitlement_values": "entitlements", "principal_entitlement_history": ""}
)

// load reads every stream of the folder.
func load(dir string) (*data, error) {
	d := &data{streams: map[string][]item{}, children: map[string]map[string][]item{}, known: map[string]map[string]bool{}}
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	for _, name := range top {
		if err := d.read(dir, name, false); err != nil {
			return nil, err
		}
	}
	for name := range sub {
		if err := d.read(dir, name, true); err != nil {
			return nil, err
		}
	}
	d.order()
	return d, nil
}

// order sorts the log by the events' own time, beside the order in which they
// were stored.
func (d *data) order() {
	d.ordered = slices.Clone(d.streams["system_log"])
	slices.SortStableFunc(d.ordered, func(a, b item) int { return a.published.Compare(b.published) })
}

// append adds an event to the log.
func (d *data) append(it item) {
	d.add("system_log", it)
	late := len(d.ordered) > 0 && it.published.Before(d.ordered[len(d.ordered)-1].published)
	d.ordered = append(d.ordered, it)
	if late {
		d.order()
	}
}

// read reads one stream.
func (d *data) read(dir, name string, framed bool) error {
	r, err := open(dir, name)
	if r == nil || err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // it is only read
	lines := bufio.NewReaderSize(r, 1<<20)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			it, err := parse(line, framed)
			if err != nil {
				return fmt.Errorf("read %s, line %d: %w", name, n, err)
			}
			d.add(name, it)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
}

// add files an item.
func (d *data) add(name string, it item) {
	if d.known[name] == nil {
		d.known[name], d.children[name] = map[string]bool{}, map[string][]item{}
	}
	d.streams[name] = append(d.streams[name], it)
	d.known[name][it.id] = true
	if it.parent != "" {
		d.children[name][it.parent] = append(d.children[name][it.parent], it)
	}
}

// exists reports whether an object is known, by its own list or as a container
// of something.
func (d *data) exists(stream, id string) bool {
	if d.known[stream][id] {
		return true
	}
	for name, of := range sub {
		if of == stream && len(d.children[name][id]) > 0 {
			return true
		}
	}
	return false
}

// parse reads what the server needs from a line. Only the item's own bytes are
// kept of a framed one.
func parse(line []byte, framed bool) (item, error) {
	var it item
	if framed {
		var f struct {
			Parent string          `json:"parent_id"`
			Item   json.RawMessage `json:"item"`
		}
		if err := json.Unmarshal(line, &f); err != nil || f.Parent == "" || len(f.Item) == 0 {
			return it, errors.New("not of the form {\"parent_id\": …, \"item\": …}")
		}
		it.parent, line = f.Parent, f.Item
	}
	var o struct {
		ID        string `json:"id"`
		Status    string `json:"status"`
		EventType string `json:"eventType"`
		Published string `json:"published"`
	}
	if err := json.Unmarshal(line, &o); err != nil {
		return it, err
	}
	it.body, it.id, it.status, it.eventType = line, o.ID, o.Status, o.EventType
	it.published, _ = time.Parse(time.RFC3339, o.Published) // the zero time is never in a window
	return it, nil
}

// open opens a stream's file in any of its packings, and returns nil when there
// is none.
func open(dir, name string) (io.ReadCloser, error) {
	for _, ext := range []string{"", ".gz", ".zst"} {
		f, err := os.Open(filepath.Join(dir, name+".ndjson"+ext))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch ext {
		case ".gz":
			z, err := gzip.NewReader(f)
			return packed{z, f}, err
		case ".zst":
			z, err := zstd.NewReader(f)
			return packed{z, f}, err
		}
		return f, nil
	}
	return nil, nil
}

// packed reads a compressed file and closes the file.
type packed struct {
	io.Reader
	io.Closer
}
