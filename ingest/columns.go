package ingest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"winnow/internal/access"
)

// SplitColumns reads the flat form in which the configuration maps columns,
// {"events.at": "ts", "account_id": "user"}, into one map a stream. A key
// without a stream holds for every stream that has the field. It reports every
// key that names no stream or field of fields.
func SplitColumns[V any](flat map[string]V, fields map[access.StreamName][]string) (map[access.StreamName]map[string]V, error) {
	out := map[access.StreamName]map[string]V{}
	set := func(stream access.StreamName, field string, v V) {
		if out[stream] == nil {
			out[stream] = map[string]V{}
		}
		out[stream][field] = v
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(flat)) {
		stream, field, dotted := strings.Cut(key, ".")
		found := false
		for _, s := range slices.Sorted(maps.Keys(fields)) {
			switch {
			case dotted && string(s) == stream && slices.Contains(fields[s], field):
				set(s, field, flat[key])
				found = true
			case !dotted && slices.Contains(fields[s], key):
				if _, narrower := flat[string(s)+"."+key]; !narrower {
					set(s, key, flat[key])
				}
				found = true
			}
		}
		if !found {
			errs = append(errs, unknownField(key, fields))
		}
	}
	return out, errors.Join(errs...)
}

// unknownField says which fields there are.
func unknownField(key string, fields map[access.StreamName][]string) error {
	var known []string
	stream, _, _ := strings.Cut(key, ".")
	for _, s := range slices.Sorted(maps.Keys(fields)) {
		if string(s) == stream {
			known = fields[s]
			break
		}
		known = append(known, string(s)+".…")
	}
	return access.WithHint(fmt.Errorf("map column %q: no stream has such a field", key),
		"known here are "+strings.Join(known, ", "))
}
