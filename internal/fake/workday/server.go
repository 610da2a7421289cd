// Package workday is a fake Workday tenant that answers reports as a service:
// whole, without pages, in JSON without the fields that say nothing, or in CSV
// with all of them.
//
// It is for tests and for trying winnow out. It keeps no secrets safe.
package workday

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

// A Report is a table whose rows are in the order of its columns. A column
// named group.field stands in a group, an array of one object, in JSON.
type Report struct {
	Columns []string
	Rows    [][]string
	Prompts []string // names of prompts without which it is refused
}

// Options set the tenant up. The zero value accepts no credential.
type Options struct {
	Tenant   string
	Username string
	Password string
	Token    string            // accepted as a bearer's
	Reports  map[string]Report // by owner/name

	// CutAfter breaks a JSON answer off after so many rows; 0 never does.
	CutAfter int

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one tenant.
type Server struct {
	opt Options
	mux *http.ServeMux

	mu    sync.Mutex
	asked []string
}

// New returns the tenant.
func New(o Options) *Server {
	s := &Server{opt: o, mux: http.NewServeMux()}
	s.mux.HandleFunc("GET /ccx/service/customreport2/{tenant}/{owner}/{report}", s.report)
	return s
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

// Asked returns the requests so far, path and query.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// report answers one report.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	user, password, basic := r.BasicAuth()
	known := basic && s.opt.Username != "" && user == s.opt.Username && password == s.opt.Password
	if !known && (s.opt.Token == "" || r.Header.Get("Authorization") != "Bearer "+s.opt.Token) {
		fail(w, http.StatusUnauthorized, "invalid username or password")
		return
	}
	report, ok := s.opt.Reports[r.PathValue("owner")+"/"+r.PathValue("report")]
	if !ok || r.PathValue("tenant") != s.opt.Tenant {
		fail(w, http.StatusNotFound, "report not found")
		return
	}
	for _, p := range report.Prompts {
		if !r.URL.Query().Has(p) {
			fail(w, http.StatusInternalServerError, "Validation error occurred. "+p+" is required.")
			return
		}
	}
	switch r.URL.Query().Get("format") {
	case "json":
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		s.json(w, report)
	case "csv":
		w.Header().Set("Content-Type", "text/csv;charset=UTF-8")
		c := csv.NewWriter(w)
		_ = c.Write(report.Columns) // a client that is gone is no concern of the tenant's
		_ = c.WriteAll(report.Rows)
	default: // the platform's own default is XML
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, `<?xml version='1.0'?><wd:Report_Data xmlns:wd="urn:com.workday.report/x"/>`)
	}
}

// json writes the rows as they are computed.
func (s *Server) json(w http.ResponseWriter, report Report) {
	_, _ = io.WriteString(w, `{"Report_Entry":[`)
	for i, row := range report.Rows {
		if s.opt.CutAfter > 0 && i == s.opt.CutAfter {
			panic(http.ErrAbortHandler)
		}
		if i > 0 {
			_, _ = io.WriteString(w, ",")
		}
		_, _ = io.WriteString(w, entry(report.Columns, row))
		if f, ok := w.(http.Flusher); ok && i%100 == 0 {
			f.Flush()
		}
	}
	_, _ = io.WriteString(w, "]}")
}

// entry writes a row without its empty fields.
func entry(columns, row []string) string {
	var parts []string
	for i, value := range row {
		group, field, grouped := strings.Cut(columns[i], ".")
		switch {
		case value == "":
		case grouped:
			parts = append(parts, quote(group)+":[{"+quote(field)+":"+quote(value)+"}]")
		default:
			parts = append(parts, quote(columns[i])+":"+quote(value))
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always encodes
		panic(err)
	}
	return string(b)
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"error":`+quote(message)+`}`)
}
