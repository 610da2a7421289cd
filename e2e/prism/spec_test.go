//go:build prism

package prism

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// specs is the folder of shared data beside the repository.
var specs = filepath.Join("..", "..", "..", "shared", "data", "specs")

// cut writes a specification with nothing but the given paths, and what they
// refer to, into a file. mend may correct what is wrong all over it; it may be
// nil. It skips the test where the specification is absent.
func cut(t *testing.T, name string, mend func(doc map[string]any), paths ...string) (file string) {
	t.Helper()
	f, err := os.Open(filepath.Join(specs, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the specification %s is not here: the fakes' shapes are not held against it", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // read only
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, z)
	all, kept := doc["paths"].(map[string]any), map[string]any{}
	for _, p := range paths {
		if kept[p] = all[p]; kept[p] == nil {
			t.Fatalf("%s has no path %s", name, p)
		}
	}
	doc = map[string]any{"openapi": doc["openapi"], "info": doc["info"], "servers": doc["servers"], "paths": kept, "components": doc["components"]}
	if mend != nil {
		mend(doc)
	}
	prune(doc)
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), strings.TrimSuffix(name, ".yaml.gz")+".json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// parse reads an OpenAPI document as plain JSON values.
func parse(t *testing.T, r io.Reader) map[string]any {
	t.Helper()
	loaded, err := openapi3.NewLoader().LoadFromIoReader(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(loaded)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// prune drops the components that nothing kept refers to. Security schemes are
// named without a reference and stay.
func prune(doc map[string]any) {
	components, _ := doc["components"].(map[string]any)
	kept := map[string]any{"securitySchemes": components["securitySchemes"]}
	var follow func(v any)
	follow = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				follow(e)
			}
		case map[string]any:
			for key, e := range v {
				if ref, ok := e.(string); ok && (key == "$ref" || strings.HasPrefix(e.(string), "#/components/")) {
					keep(components, kept, ref, follow)
				}
				follow(e)
			}
		}
	}
	follow(doc["paths"])
	doc["components"] = kept
}

// keep copies the component that a reference names, once, and follows it.
func keep(from, to map[string]any, ref string, follow func(any)) {
	parts := strings.SplitN(strings.TrimPrefix(ref, "#/components/"), "/", 2)
	if len(parts) < 2 {
		return
	}
	section, _ := from[parts[0]].(map[string]any)
	name := strings.NewReplacer("~1", "/", "~0", "~").Replace(parts[1])
	into, ok := to[parts[0]].(map[string]any)
	if !ok {
		into = map[string]any{}
		to[parts[0]] = into
	}
	if _, had := into[name]; !had && section[name] != nil {
		into[name] = section[name]
		follow(section[name])
	}
}
