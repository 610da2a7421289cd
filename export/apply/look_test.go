package apply_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"winnow/export/apply"
	"winnow/internal/access"
)

// pages serves lists that page in every form, and answers that are none.
func pages(t *testing.T) string {
	t.Helper()
	var base string
	mux := http.NewServeMux()
	mux.HandleFunc("GET /one", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"id":"x","n":7,"on":true,"none":null,"a":{"b":{"c":"d"}},"list":[{"v":"p"},{"v":"q"}],"types":["Unified","DynamicMembership"],
			"urn:x:2.0:User":{"department":"Sales"},"text":"7"}`)
	})
	page := func(r *http.Request, name string) int { n, _ := strconv.Atoi(r.URL.Query().Get(name)); return n }
	mux.HandleFunc("GET /linked", func(w http.ResponseWriter, r *http.Request) {
		n := page(r, "after")
		if n < 3 {
			w.Header().Add("Link", fmt.Sprintf(`<%s/linked?after=%d>; rel="next"`, base, n+1))
		}
		_, _ = fmt.Fprintf(w, `[{"id":"l%d"}]`, n)
	})
	mux.HandleFunc("GET /odata", func(w http.ResponseWriter, r *http.Request) {
		n, next := page(r, "skip"), ""
		if n < 3 {
			next = fmt.Sprintf(`,"@odata.nextLink":"%s/odata?skip=%d"`, base, n+1)
		}
		_, _ = fmt.Fprintf(w, `{"value":[{"id":"o%d"}]%s}`, n, next)
	})
	mux.HandleFunc("GET /scim", func(w http.ResponseWriter, r *http.Request) {
		n := max(page(r, "startIndex"), 1)
		_, _ = fmt.Fprintf(w, `{"schemas":["x"],"totalResults":4,"startIndex":%d,"itemsPerPage":1,"Resources":[{"id":"s%d"}]}`, n, n)
	})
	mux.HandleFunc("GET /empty", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"schemas":["x"],"totalResults":0}`)
	})
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"value":[{"id":`) })
	mux.HandleFunc("GET /other", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"values":[]}`) })
	mux.HandleFunc("GET /loop", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Link", fmt.Sprintf(`<%s/loop>; rel="next"`, base))
		_, _ = fmt.Fprint(w, `[]`)
	})
	mux.HandleFunc("GET /away", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Link", `<https://evil.example/x>; rel="next"`)
		_, _ = fmt.Fprint(w, `[]`)
	})
	mux.HandleFunc("GET /forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	base = web.URL
	return base
}

// conditions are what is asked of pages, and what comes of it.
var conditions = []struct{ condition, want string }{
	{"present /one", "holds"}, {"present /one id=x", "holds"}, {"present /one id=y", ""}, {"absent /one id=y", "holds"}, {"absent /one id=x", ""},
	{"present /one n=7 on=true none=null a.b.c=d", "holds"}, {"present /one n=7.0", ""}, {"present /one text=7", "holds"},
	{"present /one list.v=q", "holds"}, {"present /one list.v=r", ""}, {"present /one types=DynamicMembership", "holds"}, {"absent /one types=Dynamic", "holds"},
	{"present /one urn:x:2.0:User.department=Sales", "holds"}, {"present /one missing=null", ""}, {"present /one a=d", ""},
	{"present /nowhere", ""}, {"absent /nowhere", "holds"}, {"absent /nowhere id=x", "holds"},
	{"present /linked . id=l3", "holds"}, {"absent /linked . id=l4", "holds"}, {"absent /linked . id=l0", ""},
	{"present /odata value id=o3", "holds"}, {"absent /odata value id=o2", ""},
	{"present /scim Resources id=s4", "holds"}, {"absent /scim Resources id=s5", "holds"}, {"absent /scim Resources id=s4", ""},
	{"absent /empty Resources id=x", "holds"}, {"absent /empty members value=x", "holds"}, {"present /empty members value=x", ""},
	{"absent /broken value id=x", "error"}, {"absent /other value id=x", "error"}, {"absent /loop . id=x", "error"},
	{"absent /away . id=x", "error"}, {"absent /forbidden . id=x", "error"},
}

// TestConditions asks a server that pages in every form whether conditions hold.
// One that holds lets the plan pass; one that does not refuses it.
func TestConditions(t *testing.T) {
	base := pages(t)
	for i, test := range conditions {
		parts := strings.Fields(test.condition)
		c := access.Condition{Text: test.condition, Want: access.Want(parts[0]), Path: parts[1]}
		for _, p := range parts[2:] {
			if key, value, ok := strings.Cut(p, "="); ok {
				c.Where = append(c.Where, access.Field{Key: key, Value: value})
			} else {
				c.List = p
			}
		}
		e := edit{op: operation("okta", "https://acme.example", "u1", "g1", access.Request{Method: "DELETE", Path: "/x/1"}, access.Request{Method: "PUT", Path: "/x/1"})}
		e.op.Preconditions, e.op.Verify = []access.Condition{c}, []access.Condition{c}
		p, data := seal(t, []edit{e}, nil)
		w := &world{t: t, clock: &clock{at: noon}}
		o := apply.Options{Dir: t.TempDir(), Now: w.clock.now, Sleep: w.clock.sleep, Rules: apply.Rules{Approvers: approvers()},
			Tenants: map[access.SourceName]apply.Tenant{"okta": {Name: "https://acme.example", Client: client(t, base, "t", w.clock.now, w.clock.sleep)}}}
		_, err := w.apply(data, o, approve(p, noon, "ada"), false)
		got := "holds"
		if err != nil {
			if got = "error"; strings.Contains(err.Error(), "the plan is refused") {
				got = ""
			}
		}
		if got != test.want {
			t.Errorf("%d: %s: %q, %v", i, test.condition, got, err)
		}
	}
}
