// Package okta is a fake Okta org: a server that answers the management API's
// lists, the System Log and the token endpoint from a folder of saved answers,
// with the platform's paging, rate limits and errors. What a client reads from
// it is, byte for byte, what the folder holds.
//
// With Options.Writable it also takes the writes of provisioning and of access
// reviews, keeps them in memory, and tells each in the System Log. What the
// platform does by itself follows at once: a group's apps reach its members, a
// deactivation takes the apps away. Inferred, as neither specification nor
// recording says it: a change that changes nothing succeeds and leaves no event.
//
// It is for tests and for trying winnow out. It keeps no secrets safe.
package okta

import (
	"crypto"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options set the org up. The zero value accepts no credential.
type Options struct {
	APIToken string // accepted as SSWS

	// A service app: its client id, and the public key (*rsa.PublicKey or
	// *ecdsa.PublicKey) that it has under the key id.
	ClientID  string
	KeyID     string
	PublicKey crypto.PublicKey
	Granted   []string      // scopes that the app was granted; nil for all
	TokenLife time.Duration // default an hour

	PerMinute int  // requests a minute in each bucket; 0 for many
	MaxPage   int  // caps every page below what was asked for; 0 for no cap
	JoinLinks bool // one Link header joined by commas instead of several

	// Now is the org's clock. With it, the log forgets events older than 90
	// days and refuses to look back further than 180; without, time stands
	// still for the log and runs for tokens and limits.
	Now func() time.Time

	NoGovernance bool // the org has no licence for Identity Governance

	// Writable lets clients change the org. Changes live in memory, over what the
	// folder holds, and each leaves its event at the end of the System Log. Without
	// it, every request that would write is answered as an unknown one.
	Writable bool

	// Slow is the longest span of the log that one query may ask for before the
	// platform gives up on it; 0 for any.
	Slow time.Duration

	// Intercept may answer a request itself, and then returns true.
	Intercept func(http.ResponseWriter, *http.Request) bool
}

// A Server is one org.
type Server struct {
	opt Options
	mux *http.ServeMux

	state sync.RWMutex // of data: held by each request, alone by one that writes
	data  *data

	mu      sync.Mutex
	secret  []byte // signs cursors
	tokens  map[string]token
	used    map[string]bool // assertions that were seen
	windows map[string]*window
	asked   map[string]int // requests by method and path pattern
}

// New reads the folder and returns the org. Missing files are empty lists.
// Errors: the folder or a file cannot be read, or a line is no item.
func New(dir string, o Options) (*Server, error) {
	d, err := load(dir)
	if err != nil {
		return nil, fmt.Errorf("load the fake org: %w", err)
	}
	s := &Server{opt: o, data: d, mux: http.NewServeMux(), secret: []byte(rand.Text()), tokens: map[string]token{},
		used: map[string]bool{}, windows: map[string]*window{}, asked: map[string]int{}}
	if s.opt.TokenLife == 0 {
		s.opt.TokenLife = time.Hour
	}
	s.routes()
	return s, nil
}

// routes are the paths that the org answers, with the scope that each needs.
func (s *Server) routes() {
	s.mux.HandleFunc("POST /oauth2/v1/token", s.token)
	s.get("/api/v1/logs", "okta.logs.read", s.logs)
	s.get("/api/v1/users", "okta.users.read", s.users)
	s.get("/api/v1/users/{id}/roles", "okta.roles.read", s.roles("user_roles", "User"))
	s.get("/api/v1/groups", "okta.groups.read", s.list(listGroups, 10000, 10000))
	s.get("/api/v1/groups/rules", "okta.groups.read", s.list("group_rules", 50, 200))
	s.get(oneRule+"{id}", "okta.groups.read", s.one("group_rules", "GroupRule"))
	s.get("/api/v1/groups/{id}/users", "okta.groups.read", s.children("group_members", listGroups, "UserGroup", 1000, 1000))
	s.get("/api/v1/groups/{id}/roles", "okta.roles.read", s.roles("group_roles", "UserGroup"))
	s.get("/api/v1/apps", "okta.apps.read", s.list("apps", 20, 200))
	s.get("/api/v1/apps/{id}/users", "okta.apps.read", s.children("app_users", "apps", "AppInstance", 50, 500))
	s.get("/api/v1/apps/{id}/groups", "okta.apps.read", s.children("app_groups", "apps", "AppInstance", 20, 200))
	s.get("/api/v1/iam/assignees/users", "okta.roles.read", s.administrators)
	s.get("/api/v1/users/{id}", "okta.users.read", s.one("users", "User"))
	s.get("/api/v1/users/{id}/groups", "okta.users.read", s.groupsOf)
	s.get("/api/v1/groups/{id}", "okta.groups.read", s.one(listGroups, "UserGroup"))
	s.get("/api/v1/apps/{id}/users/{child}", "okta.apps.read", s.child("app_users", "AppUser"))
	s.get("/api/v1/apps/{id}/groups/{child}", "okta.apps.read", s.child("app_groups", "ApplicationGroupAssignment"))
	s.governanceRoutes()
	if s.opt.Writable {
		s.writeRoutes()
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, "E0000022", "The endpoint does not support the provided HTTP method")
	})
}

// get registers a path that reads, behind the credential, the scope and the
// rate limit.
func (s *Server) get(path, scope string, h http.HandlerFunc) {
	s.mux.HandleFunc("GET "+path, s.guard(path, path, scope, func(w http.ResponseWriter, r *http.Request) {
		s.state.RLock()
		defer s.state.RUnlock()
		h(w, r)
	}))
}

// guard counts a request under a name and takes it from a bucket, and answers
// itself when the credential or its scopes do not suffice.
func (s *Server) guard(name, bucket, scope string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.count(name)
		if !s.admit(w, bucket) {
			return
		}
		switch s.authorize(r, scope) {
		case http.StatusUnauthorized:
			fail(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
		case http.StatusForbidden:
			fail(w, http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
		default:
			h(w, r)
		}
	}
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Okta-Request-Id", rand.Text())
	if s.opt.Intercept != nil && s.opt.Intercept(w, r) {
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, "/api/v1/groups/rules/"); ok {
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = oneRule+id, ""
	}
	s.mux.ServeHTTP(w, r)
}

// oneRule is where single rules stand behind the router, which cannot tell
// /groups/rules/{id} from /groups/{id}/users.
const oneRule = "/api/v1/groups-rules/"

// Asked returns how many requests the path, such as
// /api/v1/groups/{id}/users, has had; one that writes stands behind its method:
// PUT /api/v1/groups/{id}/users/{user}.
func (s *Server) Asked(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// count notes a request.
func (s *Server) count(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[path]++
}

// now is the org's clock.
func (s *Server) now() time.Time {
	if s.opt.Now != nil {
		return s.opt.Now()
	}
	return time.Now()
}
