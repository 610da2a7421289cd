// Package bamboohr is a fake BambooHR account: custom reports, the histories of
// all employees, absences and the directory, with the platform's manners.
//
// It is for tests and for trying winnow out. It keeps no secrets safe.
package bamboohr

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Options set the account up.
type Options struct {
	APIKey string // accepted as the user name of basic authentication
	Token  string // accepted as a bearer's

	// Employees are everyone, each with an id; values are texts, as the
	// platform serves them, and nil is null.
	Employees []map[string]any

	Tables map[string]string // by name: the rows as JSON, of all employees
	Leaves string            // approved absences as JSON

	// Hidden are fields that the key may not see: they are left out of reports
	// without a word. Forbidden are operations that are refused, such as
	// time_off/requests.
	Hidden, Forbidden []string

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one account.
type Server struct {
	opt Options
	mux *http.ServeMux

	mu    sync.Mutex
	asked []string
}

// New returns the account, at its own address and behind the older gateway.
func New(o Options) *Server {
	s := &Server{opt: o, mux: http.NewServeMux()}
	for _, at := range []string{"/api/v1/", "/api/gateway.php/{account}/v1/"} {
		s.mux.HandleFunc("POST "+at+"reports/custom", s.guard("reports/custom", s.report))
		s.mux.HandleFunc("GET "+at+"employees/all/tables/{table}", s.guard("employees/all/tables", s.table))
		s.mux.HandleFunc("GET "+at+"time_off/requests", s.guard("time_off/requests", s.leaves))
		s.mux.HandleFunc("GET "+at+"employees/directory", s.guard("employees/directory", s.directory))
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	s.mu.Unlock()
	if s.opt.Intercept == nil || !s.opt.Intercept(w, r) {
		s.mux.ServeHTTP(w, r)
	}
}

// Asked returns the requests so far: method, path and query.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// guard demands the credential and the right.
func (s *Server) guard(operation string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, _, basic := r.BasicAuth()
		known := basic && s.opt.APIKey != "" && user == s.opt.APIKey
		switch {
		case !known && (s.opt.Token == "" || r.Header.Get("Authorization") != "Bearer "+s.opt.Token):
			fail(w, http.StatusUnauthorized, "")
		case slices.Contains(s.opt.Forbidden, operation):
			fail(w, http.StatusForbidden, "You do not have access to this")
		default:
			h(w, r)
		}
	}
}

// fail refuses as the platform does: the text in a header, an empty page.
func fail(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	if text != "" {
		w.Header().Set("X-BambooHR-Error-Message", text)
	}
	w.WriteHeader(status)
}

// report answers with the fields that were asked for, exist and may be seen.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Title  string
		Fields []string
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if r.Header.Get("Content-Type") != "application/json" || err != nil || json.Unmarshal(body, &question) != nil {
		fail(w, http.StatusBadRequest, "Malformed XML") // any other type is read as XML
		return
	}
	if !strings.EqualFold(r.URL.Query().Get("format"), "json") {
		fail(w, http.StatusNotFound, "Report format not found")
		return
	}
	seen := slices.DeleteFunc(question.Fields, func(f string) bool {
		known := slices.ContainsFunc(s.opt.Employees, func(e map[string]any) bool { _, ok := e[f]; return ok })
		return !known || slices.Contains(s.opt.Hidden, f)
	})
	fields, employees := []map[string]string{}, []map[string]any{}
	for _, f := range seen {
		fields = append(fields, map[string]string{"id": f, "type": "text", "name": f})
	}
	for _, e := range s.opt.Employees {
		row := map[string]any{"id": e["id"]}
		for _, f := range seen {
			row[f] = e[f]
		}
		employees = append(employees, row)
	}
	reply(w, map[string]any{"title": question.Title, "fields": fields, "employees": employees})
}

// directory lists active employees only.
func (s *Server) directory(w http.ResponseWriter, _ *http.Request) {
	active := slices.DeleteFunc(slices.Clone(s.opt.Employees), func(e map[string]any) bool { return e["status"] != "Active" })
	reply(w, map[string]any{"fields": []string{}, "employees": active})
}

// table serves a history in no particular order, as it was given.
func (s *Server) table(w http.ResponseWriter, r *http.Request) {
	rows, ok := s.opt.Tables[r.PathValue("table")]
	if !ok {
		fail(w, http.StatusNotFound, "The table does not exist")
		return
	}
	raw(w, rows)
}

// leaves demands the span that the platform demands.
func (s *Server) leaves(w http.ResponseWriter, r *http.Request) {
	if q := r.URL.Query(); !q.Has("start") || !q.Has("end") {
		fail(w, http.StatusBadRequest, "Invalid start or end date")
		return
	}
	raw(w, s.opt.Leaves)
}

func reply(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil { // what tests give always encodes
		panic(err)
	}
	raw(w, string(b))
}

func raw(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	if body == "" {
		body = "[]"
	}
	_, _ = io.WriteString(w, body) // a client that is gone is no concern of the account's
}
