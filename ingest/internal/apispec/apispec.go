// Package apispec holds requests against the vendors' published specifications,
// in tests. The specifications are not part of this repository; where they are
// absent the test is skipped.
package apispec

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads a gzipped OpenAPI document out of the folder of shared data beside
// the repository, for a test in a package two levels below its root.
func Load(t testing.TB, name string) *openapi3.T {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "specs", name)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the specification %s is not here: requests are not held against it", path)
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

// A Recorder is a transport that keeps the requests that pass through it.
type Recorder struct {
	Next http.RoundTripper

	mu   sync.Mutex
	seen []*http.Request
}

// RoundTrip implements http.RoundTripper.
func (r *Recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.seen = append(r.seen, q)
	r.mu.Unlock()
	return r.Next.RoundTrip(q)
}

// Take returns the requests since the last Take.
func (r *Recorder) Take() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.seen
	r.seen = nil
	return out
}

// Faults lists what the specification does not allow in a request: a path or
// method that it does not have, a parameter that it does not name, a required
// one that is missing, a value of another type. Below is the part of the path
// that the specification leaves to its servers, such as /v1.0. Options of
// paging that links carry (own) are the platform's affair.
func Faults(doc *openapi3.T, below string, q *http.Request, own ...string) []string {
	path := "/" + strings.TrimPrefix(strings.TrimPrefix(q.URL.EscapedPath(), below), "/")
	op, params := find(doc, q.Method, path)
	if op == nil {
		return []string{fmt.Sprintf("%s %s is not in the specification", q.Method, path)}
	}
	var faults []string
	given := q.URL.Query()
	for _, p := range params {
		if p.In != openapi3.ParameterInQuery {
			continue
		}
		if p.Required && !given.Has(p.Name) && !slices.ContainsFunc(own, given.Has) {
			faults = append(faults, fmt.Sprintf("%s: %s is required", path, p.Name))
		}
		if given.Has(p.Name) {
			faults = append(faults, valueFaults(path, p, given)...)
		}
	}
	for name := range given {
		if !slices.Contains(own, name) && !slices.ContainsFunc(params, func(p *openapi3.Parameter) bool { return p.Name == name }) {
			faults = append(faults, fmt.Sprintf("%s: there is no parameter %s", path, name))
		}
	}
	slices.Sort(faults)
	return faults
}

// valueFaults compares a parameter's value with its schema.
func valueFaults(path string, p *openapi3.Parameter, given url.Values) []string {
	if p.Schema == nil {
		return nil
	}
	var value any = given.Get(p.Name)
	switch s := p.Schema.Value; {
	case s.Type.Is("integer") || s.Type.Is("number"):
		n, err := strconv.ParseFloat(given.Get(p.Name), 64)
		if err != nil {
			return []string{fmt.Sprintf("%s: %s is no number", path, p.Name)}
		}
		value = n
	case s.Type.Is("array"):
		var list []any
		for _, v := range strings.Split(given.Get(p.Name), ",") {
			list = append(list, v)
		}
		value = list
	}
	if err := p.Schema.Value.VisitJSON(value); err != nil {
		return []string{fmt.Sprintf("%s: %s: %v", path, p.Name, err)}
	}
	return nil
}

// find returns the operation of a path and all its parameters: the template
// with the fewest variables that fits.
func find(doc *openapi3.T, method, path string) (op *openapi3.Operation, params []*openapi3.Parameter) {
	best := -1
	for template, item := range doc.Paths.Map() {
		variables := fits(template, path)
		if variables < 0 || best >= 0 && variables >= best || item.GetOperation(method) == nil {
			continue
		}
		best, op, params = variables, item.GetOperation(method), nil
		for _, p := range slices.Concat(item.Parameters, op.Parameters) {
			params = append(params, p.Value)
		}
	}
	return op, params
}

// fits counts the variables of a template that fits a path, or returns -1.
func fits(template, path string) int {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return -1
	}
	n := 0
	for i := range want {
		switch {
		case strings.HasPrefix(want[i], "{"):
			n++
		case want[i] != got[i]:
			return -1
		}
	}
	return n
}
