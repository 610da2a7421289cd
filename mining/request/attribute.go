package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// attributes reads an object of scalars; what is null or empty is left out.
func attributes(text []byte) (map[string]string, error) {
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // an id that looks like a number keeps its digits
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, v := range raw {
		switch v := v.(type) {
		case nil, map[string]any, []any:
		case string:
			if v = strings.TrimSpace(v); v != "" {
				out[name] = v
			}
		default:
			out[name] = fmt.Sprint(v)
		}
	}
	return out, nil
}

// Select leaves to the cases the attributes that may tell something: at most
// most of them, those that vary, are known of at least a twentieth of the cases
// and are not different for nearly each.
func Select(cases []Case, most int) (names []string) {
	known, values := map[string]int{}, map[string]map[string]bool{}
	for _, c := range cases {
		for name, v := range c.Attributes {
			if values[name] == nil {
				values[name] = map[string]bool{}
			}
			known[name]++
			values[name][v] = true
		}
	}
	for name, n := range known {
		if v := len(values[name]); v > 1 && n*20 >= len(cases) && (v < 20 || v*2 < n) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if known[a] != known[b] {
			return known[b] - known[a]
		}
		return strings.Compare(a, b)
	})
	names = names[:min(len(names), most)]
	for i := range cases {
		kept := map[string]string{}
		for _, name := range names {
			if v, ok := cases[i].Attributes[name]; ok {
				kept[name] = v
			}
		}
		cases[i].Attributes = kept
	}
	return names
}
