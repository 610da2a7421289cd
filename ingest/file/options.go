package file

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"

	"winnow/internal/access"
)

// Options say where the files are and how they differ from the defaults.
type Options struct {
	Dir string // the folder

	// Files names the file of a stream where it is not the stream's own name.
	Files map[access.StreamName]string

	// Columns says, for a stream and one of its fields, where the value comes
	// from: a column's name, a template such as "{entitlement}/{level}", or
	// "=text" for the same value in each row.
	Columns map[access.StreamName]map[string]string

	// Values translates the values of a field: theirs to ours, for instance
	// {"events": {"action": {"ADD": "grant", "DEL": "revoke"}}}.
	Values map[access.StreamName]map[string]map[string]string

	// ReadParquet yields the rows of a Parquet file as JSON objects. Nil
	// refuses Parquet.
	ReadParquet func(ctx context.Context, path string) iter.Seq2[[]byte, error]

	MaxLine int // bytes of one row; 0 means saved.MaxLine
}

// A mapping is a schema with its columns and values as configured.
type mapping struct {
	schema
	columns map[string]template
	values  map[string]map[string]string
	salt    string // text that differs where the mapping differs
}

// mappings checks the options and reports all that is wrong with them.
func (o Options) mappings() (map[access.StreamName]mapping, error) {
	out := map[access.StreamName]mapping{}
	errs := o.strangers()
	for _, s := range schemas {
		m := mapping{schema: s, columns: map[string]template{}, values: o.Values[s.name]}
		for _, field := range sorted(o.Columns[s.name]) {
			t, err := parseTemplate(o.Columns[s.name][field])
			if err != nil {
				errs = append(errs, fmt.Errorf("map column %s.%s: %w", s.name, field, err))
			}
			m.columns[field] = t
			errs = append(errs, s.knows(field))
		}
		for _, field := range sorted(m.values) {
			errs = append(errs, s.knows(field))
		}
		salt, err := json.Marshal([]any{o.Columns[s.name], m.values}) // maps are marshalled in the order of their keys
		if err != nil {
			errs = append(errs, err)
		}
		if m.salt = string(salt); len(m.columns)+len(m.values) == 0 {
			m.salt = ""
		}
		out[s.name] = m
	}
	return out, errors.Join(errs...)
}

// strangers reports options of streams that do not exist.
func (o Options) strangers() (errs []error) {
	known := slices.Sorted(maps.Keys(Fields()))
	check := func(option string, stream access.StreamName) {
		if !slices.Contains(known, stream) {
			errs = append(errs, access.WithHint(fmt.Errorf("read %s of a folder: there is no stream %q", option, stream),
				fmt.Sprintf("the streams are %v", known)))
		}
	}
	for _, s := range sorted(o.Files) {
		check("files", s)
		if f := o.Files[s]; f != filepath.Base(f) {
			errs = append(errs, access.WithHint(fmt.Errorf("read files of a folder: %q is not a file name", f),
				"name files inside dir, without a path"))
		}
	}
	for _, s := range sorted(o.Columns) {
		check("columns", s)
	}
	for _, s := range sorted(o.Values) {
		check("values", s)
	}
	return errs
}

// knows returns an error unless the stream has the field.
func (s schema) knows(field string) error {
	if slices.Contains(s.fields(), field) {
		return nil
	}
	return access.WithHint(fmt.Errorf("map column %s.%s: no such field", s.name, field),
		fmt.Sprintf("the fields of %s are %v", s.name, s.fields()))
}

// sorted returns the keys of a map in order.
func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
