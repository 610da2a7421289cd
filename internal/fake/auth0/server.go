// Package auth0 is a fake Auth0 tenant: a server that answers the Management
// API's lists, the log by checkpoint and the token endpoint from a folder of
// saved answers, with the platform's quirks: a log whose last link leads to
// itself, searches that stop at a thousand, paging by checkpoint inside roles,
// and rate limits in its own headers. What a client reads from it is, byte for
// byte, what the folder holds. It is for tests, and keeps no secrets safe.
package auth0

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"winnow/internal/fake/folder"
)

// Options set the tenant up.
type Options struct {
	ClientID, ClientSecret string

	MaxTake      int // caps every page by checkpoint; 0 for a hundred
	SearchWindow int // results that a search shows; 0 for a thousand

	// Writable lets clients change the roles of users. Changes live in memory,
	// over what the folder holds.
	Writable bool

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one tenant.
type Server struct {
	opt  Options
	data map[string][]folder.Item
	mux  *http.ServeMux

	state sync.Mutex // of data: one request at a time
	mu    sync.Mutex
	asked []string // paths with queries, in the order of the requests
}

// New reads the folder and returns the tenant. Missing files are empty lists.
func New(dir string, o Options) (*Server, error) {
	s := &Server{opt: o, data: map[string][]folder.Item{}, mux: http.NewServeMux()}
	if o.MaxTake == 0 {
		s.opt.MaxTake = 100
	}
	if o.SearchWindow == 0 {
		s.opt.SearchWindow = 1000
	}
	for name, framed := range map[string]bool{"logs": false, "users": false, "roles": false, "clients": false, "role_users": true} {
		items, err := folder.Read(dir, name, framed)
		if err != nil {
			return nil, fmt.Errorf("load the fake tenant: %w", err)
		}
		s.data[name] = items
	}
	s.mux.HandleFunc("POST /oauth/token", s.token)
	s.get("/api/v2/logs", s.logs)
	s.get("/api/v2/users", s.users)
	s.get("/api/v2/roles", func(w http.ResponseWriter, r *http.Request) { s.numbered(w, r, s.data["roles"], 0) })
	s.get("/api/v2/clients", s.clients)
	s.get("/api/v2/roles/{id}/users", s.roleUsers)
	if o.Writable {
		s.writeRoutes()
	}
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

// get registers a path that reads.
func (s *Server) get(path string, h http.HandlerFunc) { s.handle("GET", path, h) }

// handle registers a path behind the credential.
func (s *Server) handle(method, path string, h http.HandlerFunc) {
	s.mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		s.state.Lock()
		defer s.state.Unlock()
		if r.Header.Get("Authorization") != "Bearer mgmt" {
			fail(w, http.StatusUnauthorized, "invalid_token", "Invalid token")
			return
		}
		h(w, r)
	})
}

// token answers the token endpoint, for the Management API's audience only.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("client_id") != s.opt.ClientID || r.FormValue("client_secret") != s.opt.ClientSecret ||
		r.FormValue("audience") != "http://"+r.Host+"/api/v2/" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `{"error":"access_denied","error_description":"Unauthorized"}`)
		return
	}
	_, _ = fmt.Fprint(w, `{"access_token":"mgmt","expires_in":86400,"token_type":"Bearer"}`)
}

// field reads a string member of an item.
func field(it folder.Item, key string) string {
	var o map[string]json.RawMessage
	var text string
	if json.Unmarshal(it.Body, &o) != nil || json.Unmarshal(o[key], &text) != nil {
		return ""
	}
	return text
}

// logs answers the log by checkpoint: what comes after the id, with a link to
// what comes after that. At the end the link is the one just asked.
func (s *Server) logs(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !q.Has("from") {
		fail(w, http.StatusBadRequest, "invalid_query_string", "this fake serves the log by checkpoint only")
		return
	}
	from, all := q.Get("from"), s.data["logs"]
	i := 0
	if from != "" {
		i = slices.IndexFunc(all, func(it folder.Item) bool { return field(it, "log_id") == from }) + 1
	}
	page := folder.Cut(all, i, s.take(q))
	if len(page) > 0 {
		from = field(page[len(page)-1], "log_id")
	}
	w.Header().Set("Link", fmt.Sprintf(`<http://%s/api/v2/logs?from=%s&take=%d>; rel="next"`, r.Host, url.QueryEscape(from), s.take(q)))
	write(w, folder.Array(page))
}

// take reads how many items a page by checkpoint shall have.
func (s *Server) take(q url.Values) int {
	n, err := strconv.Atoi(q.Get("take"))
	if err != nil || n < 1 {
		n = 50
	}
	return min(n, s.opt.MaxTake)
}

// users answers a search, which shows no more than its window.
func (s *Server) users(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("sort") != "created_at:1" {
		fail(w, http.StatusBadRequest, "invalid_query_string", "this fake sorts by creation")
		return
	}
	since := strings.TrimSuffix(strings.TrimPrefix(q.Get("q"), "created_at:["), " TO *]")
	var found []folder.Item
	for _, it := range s.data["users"] {
		if field(it, "created_at") >= since {
			found = append(found, it)
		}
	}
	slices.SortStableFunc(found, func(a, b folder.Item) int {
		return cmp.Compare(field(a, "created_at"), field(b, "created_at"))
	})
	s.numbered(w, r, found, s.opt.SearchWindow)
}

// clients answers the applications; without a list of fields it would serve
// their secrets, which no client of ours may ask for.
func (s *Server) clients(w http.ResponseWriter, r *http.Request) {
	if f := r.URL.Query().Get("fields"); f == "" || strings.Contains(f, "secret") {
		fail(w, http.StatusBadRequest, "invalid_query_string", "the answer would hold client secrets")
		return
	}
	s.numbered(w, r, s.data["clients"], 0)
}

// numbered answers a page by its number; beyond a window there are none.
func (s *Server) numbered(w http.ResponseWriter, r *http.Request, items []folder.Item, window int) {
	q := r.URL.Query()
	n, errN := strconv.Atoi(q.Get("page"))
	size, errSize := strconv.Atoi(q.Get("per_page"))
	switch {
	case errN != nil || errSize != nil || size < 1 || size > 100:
		fail(w, http.StatusBadRequest, "invalid_query_string", "page and per_page, at most 100")
	case window > 0 && (n+1)*size > window:
		fail(w, http.StatusBadRequest, "invalid_paging", "You can only page through the first 1000 records.")
	default:
		write(w, folder.Array(folder.Cut(items, n*size, size)))
	}
}

// roleUsers answers the users of a role by checkpoint, with no place to go on
// from at the end.
func (s *Server) roleUsers(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	all := folder.Of(s.data["role_users"], r.PathValue("id"))
	offset, _ := strconv.Atoi(strings.TrimPrefix(q.Get("from"), "c")) // 0 without one
	page, next := folder.Cut(all, offset, s.take(q)), ""
	if offset+len(page) < len(all) {
		next = fmt.Sprintf(`,"next":"c%d"`, offset+len(page))
	}
	write(w, fmt.Appendf(nil, `{"users":%s%s}`, folder.Array(page), next))
}

// write sends a good answer.
func write(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body) //nolint:gosec // JSON, to a client of our own tests
}

// fail answers with an error in the platform's form.
func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"statusCode":%d,"error":%q,"message":%q,"errorCode":%q}`, status, http.StatusText(status), message, code)
}
