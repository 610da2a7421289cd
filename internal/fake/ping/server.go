// Package ping is a fake PingOne environment: a server that answers the
// platform API's lists, its activities and the token endpoint from a folder of
// saved answers, with HAL paging, the demand for a date range, the newest
// activities first and a rate limit. What a client reads from it is, byte for
// byte, what the folder holds. It is for tests, and keeps no secrets safe.
package ping

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"winnow/internal/fake/folder"
)

// Options set the environment up.
type Options struct {
	EnvironmentID, ClientID, ClientSecret string

	MaxPage  int           // caps every page below what was asked for; 0 for no cap
	MaxRange time.Duration // longest range of activities that is answered; 0 for any

	// Writable lets clients change memberships. Changes live in memory, over what
	// the folder holds.
	Writable bool

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one environment.
type Server struct {
	opt  Options
	data map[string][]folder.Item
	mux  *http.ServeMux

	state sync.Mutex // of data: one request at a time
	mu    sync.Mutex
	asked []string // paths with queries, in the order of the requests
}

// New reads the folder and returns the environment. Missing files are empty
// lists.
func New(dir string, o Options) (*Server, error) {
	s := &Server{opt: o, data: map[string][]folder.Item{}, mux: http.NewServeMux()}
	for name, framed := range map[string]bool{"activities": false, "users": false, "groups": false, "applications": false,
		"group_memberships": true, "group_nesting": true} {
		items, err := folder.Read(dir, name, framed)
		if err != nil {
			return nil, fmt.Errorf("load the fake environment: %w", err)
		}
		s.data[name] = items
	}
	env := "/v1/environments/" + o.EnvironmentID
	s.mux.HandleFunc("POST /"+o.EnvironmentID+"/as/token", s.token)
	s.get(env+"/activities", s.activities)
	for _, name := range []string{"users", "groups", "applications"} {
		s.get(env+"/"+name, func(w http.ResponseWriter, r *http.Request) { s.send(w, r, name, s.data[name]) })
	}
	s.get(env+"/users/{id}/memberOfGroups", s.members("group_memberships"))
	s.get(env+"/groups/{id}/memberOfGroups", s.members("group_nesting"))
	if o.Writable {
		s.writeRoutes(env)
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
		if r.Header.Get("Authorization") != "Bearer worker" {
			fail(w, http.StatusUnauthorized, "ACCESS_FAILED", "The request could not be completed.")
			return
		}
		h(w, r)
	})
}

// token answers the token endpoint: client secret basic only.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	id, secret, ok := r.BasicAuth()
	if !ok || id != s.opt.ClientID || secret != s.opt.ClientSecret || r.FormValue("grant_type") != "client_credentials" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprint(w, `{"error":"invalid_client","error_description":"Request denied: Unsupported authentication method"}`)
		return
	}
	_, _ = fmt.Fprint(w, `{"access_token":"worker","token_type":"Bearer","expires_in":3600}`)
}

// members answers the groups of a user or group.
func (s *Server) members(stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.send(w, r, "groupMemberships", folder.Of(s.data[stream], r.PathValue("id")))
	}
}

// dates is the one form of filter that the fake understands.
var dates = regexp.MustCompile(`^recordedAt gt "([^"]+)" AND recordedAt lt "([^"]+)"$`)

// activities answers what was recorded in the range, newest first.
func (s *Server) activities(w http.ResponseWriter, r *http.Request) {
	m := dates.FindStringSubmatch(r.URL.Query().Get("filter"))
	if m == nil {
		fail(w, http.StatusBadRequest, "INVALID_REQUEST", "The filter must include a date range.")
		return
	}
	from, errFrom := time.Parse(time.RFC3339, m[1])
	until, errUntil := time.Parse(time.RFC3339, m[2])
	if errFrom != nil || errUntil != nil || s.opt.MaxRange > 0 && until.Sub(from) > s.opt.MaxRange {
		fail(w, http.StatusBadRequest, "INVALID_DATA", "The date range is not valid.")
		return
	}
	var found []folder.Item
	for _, it := range s.data["activities"] {
		if at := recorded(it); at.After(from) && at.Before(until) {
			found = append(found, it)
		}
	}
	slices.SortStableFunc(found, func(a, b folder.Item) int { return recorded(b).Compare(recorded(a)) })
	s.send(w, r, "activities", found)
}

// recorded reads an activity's time.
func recorded(it folder.Item) time.Time {
	var a struct {
		At time.Time `json:"recordedAt"`
	}
	if json.Unmarshal(it.Body, &a) != nil {
		return time.Time{}
	}
	return a.At
}

// send answers with a page of a list, in HAL.
func (s *Server) send(w http.ResponseWriter, r *http.Request, key string, items []folder.Item) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 {
		limit = 100
	}
	if s.opt.MaxPage > 0 {
		limit = min(limit, s.opt.MaxPage)
	}
	offset, _ := strconv.Atoi(q.Get("cursor")) // 0 without one
	page, links := folder.Cut(items, offset, limit), ""
	if offset+len(page) < len(items) {
		next := url.Values{"cursor": {strconv.Itoa(offset + len(page))}, "limit": {strconv.Itoa(limit)}}
		if f := q.Get("filter"); f != "" {
			next.Set("filter", f)
		}
		links = fmt.Sprintf(`,"next":{"href":"http://%s%s?%s"}`, r.Host, r.URL.EscapedPath(), next.Encode())
	}
	w.Header().Set("Content-Type", "application/hal+json;charset=UTF-8")
	_, _ = fmt.Fprintf(w, `{"_links":{"self":{"href":"http://%s%s"}%s},"_embedded":{"%s":%s},"count":%d,"size":%d}`, //nolint:gosec // JSON, to a client of our own tests
		r.Host, r.URL.EscapedPath(), links, key, folder.Array(page), len(items), len(page))
}

// fail answers with an error in the platform's form.
func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"id":"f1","code":%q,"message":%q}`, code, message)
}
