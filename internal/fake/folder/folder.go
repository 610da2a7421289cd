// Package folder reads the folders of saved answers from which the fakes of
// platforms serve, and changes what they hold. It is for tests.
package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// An Item is one saved object.
type Item struct {
	Body   []byte // verbatim
	Parent string // of an item of a sub-resource
}

// Read returns the items of <name>.ndjson, none without that file. framed
// lines are of the form {"parent_id": …, "item": …}. Errors: the file cannot
// be read, or a line is no item.
func Read(dir, name string, framed bool) ([]Item, error) {
	b, err := os.ReadFile(filepath.Join(dir, name+".ndjson"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var out []Item
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		it := Item{Body: line}
		if framed {
			var f struct {
				Parent string          `json:"parent_id"`
				Item   json.RawMessage `json:"item"`
			}
			if err := json.Unmarshal(line, &f); err != nil || f.Parent == "" || len(f.Item) == 0 {
				return nil, fmt.Errorf("read %s: a line is not {\"parent_id\": …, \"item\": …}", name)
			}
			it = Item{Body: f.Item, Parent: f.Parent}
		}
		out = append(out, it)
	}
	return out, nil
}

// Of returns the items of one container.
func Of(items []Item, parent string) []Item {
	var out []Item
	for _, it := range items {
		if it.Parent == parent {
			out = append(out, it)
		}
	}
	return out
}

// Cut returns n items from offset on, as far as there are.
func Cut(items []Item, offset, n int) []Item {
	from := min(max(offset, 0), len(items))
	return items[from:min(from+max(n, 0), len(items))]
}

// Array joins items as a JSON array, verbatim.
func Array(items []Item) []byte {
	b := []byte{'['}
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, it.Body...)
	}
	return append(b, ']')
}
