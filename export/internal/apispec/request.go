package apispec

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"winnow/internal/access"
)

// Request holds a whole request against a document: its path and method must be
// there, its parameters among those that the document names, and its body must
// be what the schema allows; see Check for open.
func Request(t testing.TB, doc *openapi3.T, r access.Request, open ...string) {
	t.Helper()
	path, query, _ := strings.Cut(r.Path, "?")
	template := find(doc, path)
	if template == "" {
		t.Errorf("the specification has no %s", path)
		return
	}
	item := doc.Paths.Find(template)
	op := item.GetOperation(r.Method)
	if op == nil {
		t.Errorf("the specification has no %s %s", r.Method, template)
		return
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Error(err)
	}
	for key := range values {
		if op.Parameters.GetByInAndName("query", key) == nil && item.Parameters.GetByInAndName("query", key) == nil {
			t.Errorf("%s %s has no parameter %s", r.Method, template, key)
		}
	}
	switch {
	case r.Body == nil && op.RequestBody != nil && op.RequestBody.Value.Required:
		t.Errorf("%s %s needs a body", r.Method, template)
	case r.Body != nil && op.RequestBody == nil:
		t.Errorf("%s %s takes no body", r.Method, template)
	case r.Body != nil:
		schema := op.RequestBody.Value.Content.Get("application/json").Schema.Value
		if len(schema.AllOf) == 0 {
			Check(t, schema, r.Body, open...)
			return
		}
		var value any
		if err := json.Unmarshal(r.Body, &value); err != nil {
			t.Fatal(err)
		}
		for _, fault := range parts("", schema, value, open) {
			t.Errorf("%s %s: %s", r.Method, template, fault)
		}
	}
}

// parts holds an object against a schema that is made of several: Graph's name
// their own properties only, and refuse those of each other as further ones.
func parts(at string, schema *openapi3.Schema, value any, open []string) []string {
	object, ok := value.(map[string]any)
	if !ok {
		if err := schema.VisitJSON(value); err != nil {
			return []string{fmt.Sprintf("%s: %v", at, err)}
		}
		return nil
	}
	var faults []string
	known := properties(schema)
	for key, v := range object {
		switch p := known[key]; {
		case p != nil:
			faults = append(faults, parts(at+"."+key, p.Value, v, open)...)
		case !slices.Contains(open, at+"."+key):
			faults = append(faults, at+"."+key+" is not in the specification")
		}
	}
	return faults
}

// find returns the template of a path: the one with the fewest places that
// anything fits.
func find(doc *openapi3.T, path string) string {
	best, least := "", 1<<10
	for _, template := range doc.Paths.InMatchingOrder() {
		if n, ok := fits(template, path); ok && n < least {
			best, least = template, n
		}
	}
	return best
}

func fits(template, path string) (open int, ok bool) {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return 0, false
	}
	for i := range a {
		if strings.HasPrefix(a[i], "{") {
			open++
		} else if a[i] != b[i] {
			return 0, false
		}
	}
	return open, true
}
