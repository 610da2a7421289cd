package entra

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

	"winnow/internal/lake"
)

// An item is one object as it is served, and what the fake must know of it.
type item struct {
	body   []byte // verbatim
	id     string
	parent string    // container, for sub-resources
	at     time.Time // logs
}

// streams are the files that the fake serves, with the field of a log's time
// and whether lines hold an item beside its container's id.
var streams = []struct {
	name, time string
	framed     bool
}{
	{name: listUsers}, {name: listGroups}, {name: "group_members", framed: true}, {name: listApps},
	{name: "app_role_assignments", framed: true}, {name: "role_definitions"}, {name: listHeld},
	{name: "sign_ins", time: keyCreated}, {name: "sign_ins_noninteractive", time: keyCreated},
	{name: "sign_ins_service_principal", time: keyCreated}, {name: "sign_ins_managed_identity", time: keyCreated},
	{name: listMay}, {name: "role_assignment_instances"},
	{name: listPackages}, {name: listContents, framed: true}, {name: listGiven},
	{name: "access_reviews"}, {name: "access_review_decisions", framed: true},
	{name: "directory_audits", time: "activityDateTime"},
}

// load reads the files of a folder. A stream without a file is an empty list.
func load(dir string) (map[string][]item, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("open the folder of saved answers: %w", err)
	}
	data := map[string][]item{}
	for _, s := range streams {
		lines, err := readLines(filepath.Join(dir, s.name+".ndjson"))
		if err != nil {
			return nil, fmt.Errorf("read the saved answers of %s: %w", s.name, err)
		}
		for i, line := range lines {
			it, err := parse(line, s.time, s.framed)
			if err != nil {
				return nil, fmt.Errorf("read the saved answers of %s: line %d: %w", s.name, i+1, err)
			}
			data[s.name] = append(data[s.name], it)
		}
	}
	for _, it := range data[listContents] { // a folder of what a pull reads has no list of the packages themselves
		known := func(p item) bool { return p.id == it.parent }
		if !slices.ContainsFunc(data[listPackages], known) {
			data[listPackages] = append(data[listPackages], item{id: it.parent, body: []byte(`{"id":` + quoted(it.parent) + `}`)})
		}
	}
	return data, nil
}

// parse reads what the fake must know of a line.
func parse(line []byte, timeField string, framed bool) (item, error) {
	it := item{body: line}
	if framed {
		var frame struct {
			Parent string          `json:"parent_id"`
			Item   json.RawMessage `json:"item"`
		}
		if err := json.Unmarshal(line, &frame); err != nil {
			return it, fmt.Errorf("parse json: %w", err)
		}
		it.parent, it.body = frame.Parent, frame.Item
	}
	if !json.Valid(it.body) {
		return it, errors.New("parse json: not a json object")
	}
	it.id = lake.TextAt(it.body, "id")
	if timeField == "" {
		return it, nil
	}
	var err error
	if it.at, err = lake.ParseTime(lake.TextAt(it.body, timeField)); err != nil {
		return it, fmt.Errorf("parse %s: %w", timeField, err)
	}
	return it, nil
}

// readLines returns the lines of a file that are not blank, from the plain file
// or its packed form.
func readLines(path string) ([][]byte, error) {
	for _, packing := range []string{"", ".gz", ".zst"} {
		b, err := os.ReadFile(path + packing)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open the file: %w", err)
		}
		plain, err := unpack(b, packing)
		if err != nil {
			return nil, fmt.Errorf("unpack the file: %w", err)
		}
		return splitLines(plain)
	}
	return nil, nil
}

// unpack decompresses a file by its ending.
func unpack(b []byte, packing string) ([]byte, error) {
	switch packing {
	case ".gz":
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case ".zst":
		r, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	return b, nil
}

// splitLines cuts text into its lines.
func splitLines(b []byte) ([][]byte, error) {
	var out [][]byte
	s := bufio.NewScanner(bytes.NewReader(b))
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		if line := bytes.TrimSpace(s.Bytes()); len(line) > 0 {
			out = append(out, bytes.Clone(line))
		}
	}
	return out, s.Err()
}
