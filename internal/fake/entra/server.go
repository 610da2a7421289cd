package entra

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"winnow/internal/lake"
)

// Options say which tenant the fake is and how it behaves. The zero value
// serves the folder to any app registration, without throttling.
type Options struct {
	TenantID     string // of the token endpoint; empty accepts any
	ClientID     string // empty accepts any
	ClientSecret string // empty accepts any
	Certificate  []byte // DER; signs the app's assertions in place of a secret
	Assertion    string // the assertion that is accepted as it stands, as of a federated workload
	AccessToken  string // a bearer token that is accepted beside those handed out

	MaxPage     int  // most items on a page; 0 means the platform's 999, and 1000 for reports
	EmptyPages  bool // lists begin with an empty page that has a nextLink, which is legal
	Throttle    int  // every nth request for data is refused with 429; 0 means none
	Free        bool // the tenant has no premium licence: sign-in logs are refused
	Unpermitted bool // the app has no permission for the logs: they are refused

	// Roles are the application permissions that the tokens handed out name;
	// nil makes the tokens opaque. Nothing that reads is refused for want of one,
	// and everything that writes is.
	Roles []string

	// Writable lets clients change the tenant. Changes live in memory, over what
	// the folder holds, and each leaves its entry in directoryAudits. Without it,
	// every request that would write is answered as an unknown one.
	Writable bool
	Now      func() time.Time // the clock of what is written; nil for the real one

	// PackageDelay is how often the assignment of an access package is still
	// found as it was before a request about it is carried out.
	PackageDelay int

	// Retention is the number of days of the log before its newest event that
	// filters may reach back to; 0 means no limit.
	Retention int
}

// A Server answers for one tenant. It may be used from several goroutines.
type Server struct {
	opt Options
	mux *http.ServeMux

	state sync.RWMutex      // of data: held by each request, alone by one that writes
	data  map[string][]item // by stream

	pending map[string]pending // assignments of access packages on which the platform still works

	mu       sync.Mutex
	issued   map[string]bool // access tokens that were handed out
	requests int             // for data
}

// New reads the folder dir. It fails when a file of it cannot be read or holds
// a line that is not what its stream needs to be served.
func New(dir string, o Options) (*Server, error) {
	data, err := load(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{opt: o, data: data, mux: http.NewServeMux(), issued: map[string]bool{}, pending: map[string]pending{}}
	s.routes()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Requests returns how many requests for data arrived so far.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Expire makes every token that was handed out invalid.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.issued)
}

// routes lists what the fake serves.
func (s *Server) routes() {
	s.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.metadata)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", s.token)
	for path, stream := range map[string]string{
		listUsers: listUsers, listGroups: listGroups, "servicePrincipals": listApps,
		"roleManagement/directory/roleDefinitions":                "role_definitions",
		"identityGovernance/accessReviews/definitions":            "access_reviews",
		"identityGovernance/entitlementManagement/accessPackages": listPackages,
	} {
		s.get(path, func(w http.ResponseWriter, r *http.Request) { s.list(w, r, directory, s.data[stream]) })
	}
	s.change("GET", "identityGovernance/entitlementManagement/assignments", s.assignments) // what is asked for goes on meanwhile
	for path, stream := range map[string]string{"roleAssignments": listHeld,
		"roleEligibilityScheduleInstances": listMay, "roleAssignmentScheduleInstances": "role_assignment_instances"} {
		s.get("roleManagement/directory/"+path, s.roles(stream))
	}
	s.get("identityGovernance/entitlementManagement/accessPackages/{id}/resourceRoleScopes", s.below(listPackages, listContents))
	s.get("users/{id}/memberOf", s.memberOf(false))
	s.get("users/{id}/transitiveMemberOf", s.memberOf(true))
	s.get("groups/{id}/members", s.below(listGroups, "group_members"))
	s.get("servicePrincipals/{id}/appRoleAssignedTo", s.below(listApps, "app_role_assignments"))
	const review = "identityGovernance/accessReviews/definitions/{id}/instances"
	s.get(review, s.instances)
	s.get(review+"/{instance}/decisions", s.decisions)
	s.get("auditLogs/directoryAudits", s.log("activityDateTime",
		func(*http.Request, *filter) []string { return []string{"directory_audits"} }))
	s.get("auditLogs/signIns", s.log(keyCreated, signIns))
	for path, list := range map[string]string{"users/{id}": listUsers, "groups/{id}": listGroups,
		"servicePrincipals/{id}": listApps, "identityGovernance/accessReviews/definitions/{id}": "access_reviews"} {
		s.get(path, s.one(list))
	}
	for _, holder := range []string{listUsers, listGroups} {
		s.get(holder+"/{id}/appRoleAssignments", s.held(holder))
	}
	if s.opt.Writable {
		s.writeRoutes()
	}
	s.mux.Handle("/", s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusBadRequest, "BadRequest", "Resource not found for the segment '"+lastSegment(r.URL.Path)+"'.")
	})))
}

// get registers a list under both versions of the API.
func (s *Server) get(path string, h http.HandlerFunc) {
	for _, version := range []string{"v1.0", "beta"} {
		s.mux.Handle("GET /"+version+"/"+path, s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.state.RLock()
			defer s.state.RUnlock()
			h(w, r)
		})))
	}
}

// one serves one object of a list.
func (s *Server) one(list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		it, ok := s.find(list, r.PathValue("id"))
		if !ok {
			s.missing(w, r.PathValue("id"))
			return
		}
		writeEntity(w, r, http.StatusOK, it.body)
	}
}

// held serves the app roles that a user or a group was given.
func (s *Server) held(holders string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !s.has(holders, id) {
			s.missing(w, id)
			return
		}
		var items []item
		for _, it := range s.data["app_role_assignments"] {
			if lake.TextAt(it.body, keyPrincipal) == id {
				items = append(items, it)
			}
		}
		s.list(w, r, directory, items)
	}
}

// missing answers that an object is not there.
func (s *Server) missing(w http.ResponseWriter, id string) {
	refuse(w, http.StatusNotFound, "Request_ResourceNotFound",
		"Resource '"+id+"' does not exist or one of its queried reference-property objects are not present.")
}

// below serves the sub-resource of one container.
func (s *Server) below(containers, stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		var items []item
		for _, it := range s.data[stream] {
			if it.parent == id {
				items = append(items, it)
			}
		}
		if len(items) == 0 && !s.has(containers, id) {
			s.missing(w, id)
			return
		}
		s.list(w, r, directory, items)
	}
}

// instances serves the instances of an access review: those that have decisions.
func (s *Server) instances(w http.ResponseWriter, r *http.Request) {
	if !s.has("access_reviews", r.PathValue("id")) {
		refuse(w, http.StatusNotFound, "NotFound", "The access review does not exist.")
		return
	}
	items := s.inside("access_review_instances", r.PathValue("id"))
	for _, it := range s.data["access_review_decisions"] {
		review, instance, _ := strings.Cut(it.parent, "/")
		known := slices.ContainsFunc(items, func(o item) bool { return o.id == instance })
		if review == r.PathValue("id") && !known {
			items = append(items, item{id: instance, body: []byte(`{"id":` + quoted(instance) + `,"status":"Completed"}`)})
		}
	}
	s.list(w, r, directory, items)
}

// decisions serves the decisions of one instance of an access review.
func (s *Server) decisions(w http.ResponseWriter, r *http.Request) {
	var items []item
	for _, it := range s.data["access_review_decisions"] {
		if it.parent == r.PathValue("id")+"/"+r.PathValue("instance") {
			items = append(items, it)
		}
	}
	s.list(w, r, directory, items)
}

// has reports whether a list holds an object.
func (s *Server) has(stream, id string) bool {
	for _, it := range s.data[stream] {
		if it.id == id {
			return true
		}
	}
	return false
}

// guard asks for the bearer token and throttles.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("request-id", randomID())
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !s.accepts(token) {
			message := "Access token has expired or is not yet valid."
			if token == "" {
				message = "Access token is empty."
			}
			refuse(w, http.StatusUnauthorized, "InvalidAuthenticationToken", message)
			return
		}
		if s.throttles() {
			w.Header().Set("Retry-After", "0.25")
			refuse(w, http.StatusTooManyRequests, "TooManyRequests", "Too many requests. Please retry later.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// accepts reports whether a token is one of ours.
func (s *Server) accepts(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return token != "" && (s.issued[token] || token == s.opt.AccessToken)
}

// throttles counts a request and reports whether it is refused.
func (s *Server) throttles() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	return s.opt.Throttle > 0 && s.requests%s.opt.Throttle == 0
}

// randomID returns an unguessable id.
func randomID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// lastSegment is the last element of a path.
func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
