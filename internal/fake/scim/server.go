// Package scim is a fake SCIM 2.0 service provider: a server that answers users,
// groups and its configuration from a folder of saved answers, paging by index,
// with the quirks of real providers: smaller pages than were asked for, no
// totals, no paging at all. What a client reads from it is, byte for byte, what
// the folder holds. It is for tests, and keeps no secrets safe.
package scim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"winnow/internal/fake/folder"
)

// Options set the provider up.
type Options struct {
	Token              string // accepted as a bearer token
	Username, Password string // accepted as HTTP Basic

	Config      string // the answer of /ServiceProviderConfig; "" for none
	MaxPage     int    // caps every page below what was asked for; 0 for no cap
	NoTotals    bool   // leave out totalResults
	IgnoreStart bool   // serve the first page whatever is asked for
	NoGroups    bool   // know no groups
	PlainJSON   bool   // answer as application/json

	// Writable lets clients change users and groups by PATCH. Changes live in
	// memory, over what the folder holds.
	Writable bool
	MaxBulk  int // most operations of a bulk request; 0 refuses them

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one provider, under /scim/v2.
type Server struct {
	opt  Options
	data map[string][]folder.Item
	mux  *http.ServeMux

	state sync.Mutex // of data: one request at a time
	mu    sync.Mutex
	asked []string // paths with queries, in the order of the requests
}

// New reads the folder and returns the provider. Missing files are empty lists.
func New(dir string, o Options) (*Server, error) {
	s := &Server{opt: o, data: map[string][]folder.Item{}, mux: http.NewServeMux()}
	for _, name := range []string{"users", "groups"} {
		items, err := folder.Read(dir, name, false)
		if err != nil {
			return nil, fmt.Errorf("load the fake provider: %w", err)
		}
		s.data[name] = items
	}
	if o.Config != "" {
		s.get("ServiceProviderConfig", func(w http.ResponseWriter, _ *http.Request) { s.write(w, http.StatusOK, o.Config) })
	}
	s.get("Users", s.list("users"))
	if !o.NoGroups {
		s.get("Groups", s.list("groups"))
	}
	if o.Writable {
		s.writeRoutes()
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { s.fail(w, http.StatusNotFound, "", "Endpoint not found") })
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.mu.Unlock()
	if s.opt.Intercept == nil || !s.opt.Intercept(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Asked returns the paths and queries that were asked for, in order.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// get registers an endpoint that reads.
func (s *Server) get(name string, h http.HandlerFunc) { s.handle("GET", name, h) }

// handle registers an endpoint behind the credential.
func (s *Server) handle(method, name string, h http.HandlerFunc) {
	s.mux.HandleFunc(method+" /scim/v2/"+name, func(w http.ResponseWriter, r *http.Request) {
		s.state.Lock()
		defer s.state.Unlock()
		user, password, basic := r.BasicAuth()
		switch {
		case s.opt.Token != "" && r.Header.Get("Authorization") == "Bearer "+s.opt.Token,
			basic && user == s.opt.Username && password == s.opt.Password:
			if !strings.Contains(r.Header.Get("Accept"), "application/scim+json") {
				s.fail(w, http.StatusNotAcceptable, "", "ask for application/scim+json")
				return
			}
			h(w, r)
		default:
			s.fail(w, http.StatusUnauthorized, "", "Authorization failure")
		}
	})
}

// list answers a page of a list, which begins at startIndex, counted from 1.
func (s *Server) list(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		start, errStart := strconv.Atoi(q.Get("startIndex"))
		count, errCount := strconv.Atoi(q.Get("count"))
		if errStart != nil || errCount != nil || start < 1 || count < 1 {
			s.fail(w, http.StatusBadRequest, "invalidValue", "startIndex and count are numbers from 1")
			return
		}
		if s.opt.MaxPage > 0 {
			count = min(count, s.opt.MaxPage)
		}
		if s.opt.IgnoreStart {
			start = 1
		}
		all := s.data[name]
		items := folder.Cut(all, start-1, count)
		body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]`
		if !s.opt.NoTotals {
			body += fmt.Sprintf(`,"totalResults":%d,"startIndex":%d,"itemsPerPage":%d`, len(all), start, len(items))
		}
		if len(items) > 0 {
			body += `,"Resources":` + string(folder.Array(items))
		}
		s.write(w, http.StatusOK, body+"}")
	}
}

// write sends an answer.
func (s *Server) write(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/scim+json;charset=UTF-8")
	if s.opt.PlainJSON {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, body) // a client that went away is no fault of ours
}

// fail answers with an error in the protocol's form.
func (s *Server) fail(w http.ResponseWriter, status int, typ, detail string) {
	if typ != "" {
		typ = fmt.Sprintf(`,"scimType":%q`, typ)
	}
	s.write(w, status, fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d"%s,"detail":%q}`, status, typ, detail))
}
