// Package ukg is a fake UKG Pro tenant: lists by page and per_page, behind a
// service account and the customer's key.
//
// It is for tests and for trying winnow out. It keeps no secrets safe.
package ukg

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Options set the tenant up.
type Options struct {
	Username, Password, APIKey string

	// Lists are the rows, as JSON, by the last part of the path, such as
	// employment-details. What is not there is refused.
	Lists map[string][]string

	MaxPage   int  // caps every page below what was asked for; 0 for no cap
	Gone      bool // beyond the end there is 404, not an empty page
	SamePages bool // page is not looked at, as by a proxy that drops it

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one tenant.
type Server struct {
	opt Options

	mu    sync.Mutex
	asked []string
}

// New returns the tenant.
func New(o Options) *Server { return &Server{opt: o} }

// Asked returns the requests so far, path and query.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.mu.Unlock()
	if s.opt.Intercept != nil && s.opt.Intercept(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	user, password, _ := r.BasicAuth()
	list, known := strings.CutPrefix(r.URL.Path, "/personnel/v1/")
	rows, open := s.opt.Lists[list]
	switch {
	case user != s.opt.Username || password != s.opt.Password || r.Header.Get("US-Customer-Api-Key") != s.opt.APIKey:
		fail(w, http.StatusUnauthorized, "Authorization has been denied for this request.")
	case !known || r.Method != http.MethodGet:
		fail(w, http.StatusNotFound, "No HTTP resource was found")
	case !open:
		fail(w, http.StatusForbidden, "The account has no role for this service.")
	default:
		s.list(w, r, rows)
	}
}

// list answers one page.
func (s *Server) list(w http.ResponseWriter, r *http.Request, rows []string) {
	page, size := number(r, "page", 1), number(r, "per_page", 100)
	if s.opt.MaxPage > 0 {
		size = min(size, s.opt.MaxPage)
	}
	if s.opt.SamePages {
		page = 1
	}
	from := min((page-1)*size, len(rows))
	if s.opt.Gone && page > 1 && from == len(rows) {
		fail(w, http.StatusNotFound, "No records found")
		return
	}
	// A client that is gone is no concern of the tenant's.
	_, _ = io.WriteString(w, "["+strings.Join(rows[from:min(from+size, len(rows))], ",")+"]")
}

// number reads a positive query parameter.
func number(r *http.Request, name string, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}

func fail(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"Message":"`+message+`"}`)
}
