package okta

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"winnow/internal/lake"
)

func itoa(n int) string { return strconv.Itoa(n) }

// flatten writes an event as Log Analytics keeps it: dotted paths with a suffix
// for the type, absent values as empty strings, lists as text.
func flatten(t *testing.T) func(string) string {
	return func(line string) string {
		var in, out = map[string]any{}, map[string]any{"TenantId": "t", "Type": "Okta_CL"}
		if err := json.Unmarshal([]byte(line), &in); err != nil {
			t.Fatal(err)
		}
		flat("", in, out)
		out["uuid_g"], out["published_t"] = in["uuid"], in["published"]
		delete(out, "uuid_s")
		delete(out, "published_s")
		b, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

// flat adds the members of an object to out.
func flat(prefix string, in, out map[string]any) {
	for k, v := range in {
		switch v := v.(type) {
		case map[string]any:
			flat(prefix+k+"_", v, out)
		case []any:
			b, _ := json.MarshalIndent(v, "", "  ")
			out[prefix+k+"_s"] = string(b)
		case nil:
			out[prefix+k+"_s"] = ""
		default:
			out[prefix+k+"_s"] = v
		}
	}
}

// lower writes the top-level keys in lower case.
func lower(line string) string {
	for _, k := range []string{"eventType", "legacyEventType", "debugContext", "displayMessage"} {
		line = strings.Replace(line, `"`+k+`":`, `"`+strings.ToLower(k)+`":`, 1)
	}
	return line
}

// variants writes lines that put each value at each place of a shape, the other
// places holding what is required.
func variants(shape lake.Shape, values []string) []string {
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
		case strings.Join(here, ".") == strings.Join(path, "."):
			members = append(members, strconv.Quote(f.Key)+":"+value)
		case len(path) > len(here) && strings.Join(path[:len(here)], ".") == strings.Join(here, "."), f.Required && f.Type == lake.Object:
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
