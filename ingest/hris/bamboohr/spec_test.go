package bamboohr_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"winnow/ingest/hris/bamboohr"
)

// specification reads the vendor's document.
func specification(t *testing.T) *openapi3.T {
	t.Helper()
	path := "../../../../shared/data/specs/bamboohr-public.yaml.gz"
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the specification is not here: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
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

// route finds the operation of a request. Templates come last, so that a path
// that is spelt out wins.
func route(doc *openapi3.T, r *http.Request) (*routers.Route, map[string]string) {
	paths := doc.Paths.InMatchingOrder()
	slices.SortStableFunc(paths, func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") })
	for _, path := range paths {
		want, have := strings.Split(path, "/"), strings.Split(r.URL.Path, "/")
		params := map[string]string{}
		match := len(want) == len(have)
		for i := 0; match && i < len(want); i++ {
			if name, ok := strings.CutPrefix(want[i], "{"); ok {
				params[strings.TrimSuffix(name, "}")] = have[i]
			} else {
				match = want[i] == have[i]
			}
		}
		if op := doc.Paths.Find(path); match && op != nil && op.GetOperation(r.Method) != nil {
			return &routers.Route{Spec: doc, Path: path, PathItem: op, Method: r.Method, Operation: op.GetOperation(r.Method)}, params
		}
	}
	return nil, nil
}

// Every request is one of the vendor's document: operation, parameters, body.
// The document is open to keys and parameters that it does not name; a
// misspelt one would do nothing, so those are refused here.
func TestRequestsAreThoseOfTheSpecification(t *testing.T) {
	doc := specification(t)
	o, n := account, 0
	o.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		n++
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		found, params := route(doc, r)
		if found == nil {
			t.Errorf("%s %s is not in the specification", r.Method, r.URL.Path)
			return false
		}
		if err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{Request: r, PathParams: params,
			Route: found, Options: &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		for name := range r.URL.Query() {
			if found.Operation.Parameters.GetByInAndName("query", name) == nil {
				t.Errorf("%s has no parameter %s", found.Path, name)
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if len(body) > 0 {
			known := found.Operation.RequestBody.Value.Content.Get("application/json").Schema.Value.Properties
			var keys map[string]json.RawMessage
			if err := json.Unmarshal(body, &keys); err != nil {
				t.Error(err)
			}
			for key := range keys {
				if known[key] == nil {
					t.Errorf("%s has no member %s", found.Path, key)
				}
			}
		}
		return false
	}
	s, _ := open(t, o, bamboohr.Config{}, "")
	for _, st := range s.Streams() {
		if _, err := read(t, s, st.Name); err != nil {
			t.Error(err)
		}
	}
	if n != len(s.Streams()) {
		t.Errorf("%d requests for %d streams", n, len(s.Streams()))
	}
}
