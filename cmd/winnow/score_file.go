package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"winnow/internal/access"
)

// An asked is one line of a file of requests.
type asked struct {
	line                     int
	id, account, entitlement string
	attributes               map[string]string
	fault                    *lineFault
}

// requestColumns are the columns that are no attributes, under their names and
// the short ones that people write.
var requestColumns = map[string]func(*asked) *string{
	"request_id":     func(l *asked) *string { return &l.id },
	"account_id":     func(l *asked) *string { return &l.account },
	"account":        func(l *asked) *string { return &l.account },
	"entitlement_id": func(l *asked) *string { return &l.entitlement },
	"entitlement":    func(l *asked) *string { return &l.entitlement },
}

// readRequests reads a file of requests, CSV or NDJSON by its first character.
// A line at fault keeps its place with what is wrong.
func readRequests(path string, stdin io.Reader) ([]asked, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read the requests: %w", err)
		}
		defer f.Close()
		stdin = f
	}
	in := bufio.NewReaderSize(stdin, 1<<16)
	if bom, err := in.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	head, err := in.Peek(1)
	if err != nil {
		return nil, access.WithHint(errors.New("read the requests: the file is empty"), "its first line names the columns: account_id,entitlement_id")
	}
	if head[0] == '{' {
		return readObjects(in)
	}
	return readTable(in)
}

// put sets a value of a line.
func (l *asked) put(name, value string) {
	value = strings.TrimSpace(value)
	switch into := requestColumns[name]; {
	case !utf8.ValidString(value):
		l.wrong(name, strings.ToValidUTF8(value, "?"), "is not UTF-8")
	case value == "":
	case into != nil:
		*into(l) = value
	default:
		l.attributes[name] = value
	}
}

// wrong notes the first fault of a line.
func (l *asked) wrong(field, value, reason string) {
	if l.fault == nil {
		l.fault = &lineFault{l.line, field, value, reason}
	}
}

// complete looks for what every request needs.
func (l *asked) complete() asked {
	switch {
	case l.entitlement == "":
		l.wrong("entitlement_id", "", "is missing: nothing is asked for")
	case l.account == "" && len(l.attributes) == 0:
		l.wrong("account_id", "", "is missing, and there is no attribute in its place")
	}
	return *l
}

// readTable reads CSV, parted by what its header holds most of.
func readTable(in *bufio.Reader) (out []asked, err error) {
	first, err := in.Peek(min(in.Size(), 1<<15))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the requests: %w", err)
	}
	first, _, _ = bytes.Cut(first, []byte("\n"))
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.Comma = -1, ','
	for _, c := range []rune{';', '\t', '|'} {
		if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(r.Comma))) {
			r.Comma = c
		}
	}
	names, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header of the requests: %w", err)
	}
	for i := range names {
		names[i] = strings.ToLower(strings.TrimSpace(names[i]))
	}
	if !slices.Contains(names, "entitlement_id") && !slices.Contains(names, "entitlement") {
		return nil, access.WithHint(fmt.Errorf("read the requests: no column entitlement_id among %s", access.Truncate(access.Printable(strings.Join(names, ", ")), 200)),
			"the first line names the columns: account_id,entitlement_id or department,title,entitlement_id")
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		l := &asked{attributes: map[string]string{}}
		if l.line, _ = r.FieldPos(0); err != nil {
			var bad *csv.ParseError
			if !errors.As(err, &bad) {
				return nil, fmt.Errorf("read the requests: %w", err)
			}
			l.line = bad.StartLine
			l.wrong("", "", bad.Err.Error())
			out = append(out, *l)
			continue
		}
		out = append(out, l.row(names, cells))
	}
}

// row reads one line of a table.
func (l *asked) row(names, cells []string) asked {
	if len(cells) != len(names) {
		l.wrong("", strings.Join(cells, ","), fmt.Sprintf("has %d fields where the header has %d", len(cells), len(names)))
		return *l
	}
	for i, name := range names {
		l.put(name, cells[i])
	}
	return l.complete()
}

// readObjects reads one object a line.
func readObjects(in *bufio.Reader) (out []asked, err error) {
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the requests: %w", err)
		}
		if text := bytes.TrimSpace(line); len(text) > 0 {
			l := &asked{line: n, attributes: map[string]string{}}
			out = append(out, l.object(text))
		}
		if err != nil {
			return out, nil //nolint:nilerr // the end of the file
		}
	}
}

// object reads one object, whose values must be scalars.
func (l *asked) object(text []byte) asked {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var raw map[string]any
	if err := dec.Decode(&raw); err != nil || dec.More() {
		l.wrong("", string(text), "is not one JSON object")
		return *l
	}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		switch v := raw[name].(type) {
		case nil:
		case map[string]any, []any:
			l.wrong(name, "", "holds a list or an object where a text or a number is wanted")
		default:
			l.put(strings.ToLower(name), fmt.Sprint(v))
		}
	}
	return l.complete()
}
