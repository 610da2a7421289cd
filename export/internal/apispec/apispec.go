// Package apispec holds request bodies against the vendors' published
// specifications, in tests. The specifications are not part of this repository;
// where they are absent the test is skipped.
package apispec

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads a gzipped OpenAPI document out of the folder of shared data beside
// the repository.
func Load(t testing.TB, name string) *openapi3.T {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "specs", name)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the specification %s is not here: bodies are not held against it", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // read only
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromIoReader(z)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Body returns the schema of an operation's JSON request body.
func Body(t testing.TB, doc *openapi3.T, method, path string) *openapi3.Schema {
	t.Helper()
	item := doc.Paths.Find(path)
	if item == nil || item.GetOperation(method) == nil {
		t.Fatalf("the specification has no %s %s", method, path)
	}
	return item.GetOperation(method).RequestBody.Value.Content.Get("application/json").Schema.Value
}

// Check reports what the schema does not allow, and keys that it does not name:
// a server would pass over a misspelt key, and with it over what was meant.
//
// open are keys, with a dot in front and their parents', that the document does
// not name although the vendor's own pages do.
func Check(t testing.TB, schema *openapi3.Schema, body []byte, open ...string) {
	t.Helper()
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	if err := schema.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		t.Errorf("the body is not valid: %v", err)
	}
	for _, fault := range strangers("", schema, value) {
		if key, _, _ := strings.Cut(fault, " "); !slices.Contains(open, key) {
			t.Error(fault)
		}
	}
}

// CheckTyped does the same for Microsoft Graph, where each object names its own
// type, and the document's abstract types are too narrow for the types derived
// from them.
func CheckTyped(t testing.TB, doc *openapi3.T, body []byte) {
	t.Helper()
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	for _, fault := range typed(doc, "", value) {
		t.Error(fault)
	}
}

// strangers lists the keys that no schema names.
func strangers(at string, schema *openapi3.Schema, value any) []string {
	var faults []string
	switch x := value.(type) {
	case map[string]any:
		known := properties(schema)
		for key, v := range x {
			if p := known[key]; p == nil {
				faults = append(faults, fmt.Sprintf("%s.%s is not in the specification", at, key))
			} else {
				faults = append(faults, strangers(at+"."+key, p.Value, v)...)
			}
		}
	case []any:
		for _, v := range x {
			faults = append(faults, strangers(at, schema.Items.Value, v)...)
		}
	}
	return faults
}

// typed holds each object against the schema of the type that it names.
func typed(doc *openapi3.T, at string, value any) []string {
	var faults []string
	switch x := value.(type) {
	case map[string]any:
		name, _ := x["@odata.type"].(string)
		if len(name) < 2 || doc.Components.Schemas[name[1:]] == nil {
			return []string{fmt.Sprintf("%s: type %q is not in the specification", at, name)}
		}
		known := properties(doc.Components.Schemas[name[1:]].Value)
		for key, v := range x {
			switch p := known[key]; {
			case key == "@odata.type":
			case p == nil:
				faults = append(faults, fmt.Sprintf("%s.%s is not in the specification", at, key))
			default:
				faults = append(faults, typedProperty(doc, at+"."+key, p.Value, v)...)
			}
		}
	case []any:
		for _, v := range x {
			faults = append(faults, typed(doc, at, v)...)
		}
	}
	return faults
}

func typedProperty(doc *openapi3.T, at string, schema *openapi3.Schema, value any) []string {
	switch value.(type) {
	case map[string]any, []any:
		return typed(doc, at, value)
	}
	if err := schema.VisitJSON(value); err != nil {
		return []string{fmt.Sprintf("%s: %v", at, err)}
	}
	return nil
}

// properties joins the properties of a schema and of all that it is made of.
func properties(schema *openapi3.Schema) openapi3.Schemas {
	all := openapi3.Schemas{}
	for key, p := range schema.Properties {
		all[key] = p
	}
	for _, part := range slices.Concat(schema.AllOf, schema.OneOf) { // which of the latter it is, the schema's own check says
		for key, p := range properties(part.Value) {
			all[key] = p
		}
	}
	return all
}
