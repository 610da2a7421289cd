package sourcetest

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/lake"
)

// values are what a key may turn out to hold.
var values = []string{`null`, `""`, `"x"`, `5`, `-1.5e400`, `true`, `{}`, `[]`, `[null]`, `["x"]`, `[5,true]`, `[{}]`, `[[]]`, `{"a":{"b":[1]}}`}

// Shapes holds the shape of every stream against its landing model: a line that
// passes never makes the reader fail, whatever the types, and every key that
// the model reads stands in the shape.
func Shapes(t *testing.T, typ string, streams []ingest.Stream) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(models, "landing", typ+"_*.sql"))
	if err != nil || len(files) != len(streams) {
		t.Errorf("%d models for %d streams, %v", len(files), len(streams), err)
	}
	for _, s := range streams {
		d := Open(t, typ)
		var fit []string
		for _, line := range variants(s.Shape) {
			if s.Shape.Check([]byte(line)) == nil {
				fit = append(fit, line)
			}
		}
		d.Land(s.Name, "a", fit...)
		if got := d.Rows("select count(*) from landed." + typ + "_" + string(s.Name)); got != strconv.Itoa(len(fit)) || len(fit) < 5 {
			t.Errorf("%s: %s rows of %d lines", s.Name, got, len(fit))
		}
		d.covers(s)
	}
}

// covers compares the keys of the shape with those of the model.
func (d *DB) covers(s ingest.Stream) {
	_, columns, _ := strings.Cut(d.landing(s.Name), "columns = {")
	columns, _, _ = strings.Cut(columns, "})")
	for _, key := range keys(s.Shape) {
		if !strings.Contains(columns, key) {
			d.Errorf("%s: the shape demands %s, which the model does not read", s.Name, key)
		}
	}
	read := 0
	for _, word := range []string{"'VARCHAR", " VARCHAR", "'JSON", " JSON"} {
		read += strings.Count(columns, word)
	}
	if want := leaves(s.Shape); read != want {
		d.Errorf("%s: the model reads %d leaves, the shape knows %d", s.Name, read, want)
	}
}

func keys(fields []lake.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(append(out, f.Key), keys(f.Fields)...)
	}
	return out
}

func leaves(fields []lake.Field) int {
	n := 0
	for _, f := range fields {
		if len(f.Fields) == 0 {
			n++
		}
		n += leaves(f.Fields)
	}
	return n
}

// variants writes lines that put each value at each place of a shape, the other
// places holding what is required.
func variants(shape lake.Shape) []string {
	var out []string
	for _, path := range places(nil, shape) {
		for _, v := range values {
			out = append(out, build(shape, nil, path, v))
		}
	}
	return out
}

// places lists the paths of all fields.
func places(prefix []string, fields []lake.Field) [][]string {
	var out [][]string
	for _, f := range fields {
		path := append(append([]string(nil), prefix...), f.Key)
		out = append(append(out, path), places(path, f.Fields)...)
	}
	return out
}

// build writes an object with value at path.
func build(fields []lake.Field, at, path []string, value string) string {
	var members []string
	for _, f := range fields {
		here := append(append([]string(nil), at...), f.Key)
		switch {
		case strings.Join(here, "\x00") == strings.Join(path, "\x00"):
			members = append(members, strconv.Quote(f.Key)+":"+value)
		case len(path) > len(here) && strings.Join(path[:len(here)], "\x00") == strings.Join(here, "\x00"), f.Required && f.Type == lake.Object:
			inner := build(f.Fields, here, path, value)
			if f.Type == lake.Objects {
				inner = "[" + inner + "]"
			}
			members = append(members, strconv.Quote(f.Key)+":"+inner)
		case f.Required:
			members = append(members, strconv.Quote(f.Key)+`:"r"`)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}
