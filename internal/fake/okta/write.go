package okta

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The methods that write.
const (
	put    = http.MethodPut
	post   = http.MethodPost
	remove = http.MethodDelete
)

// writeRoutes are the paths that change the org, with the scope that each needs.
func (s *Server) writeRoutes() {
	const groups, apps, users = "okta.groups.manage", "okta.apps.manage", "okta.users.manage"
	s.change(put, "/api/v1/groups/{id}/users/{user}", groups, s.addMember)
	s.change(remove, "/api/v1/groups/{id}/users/{user}", groups, s.removeMember)
	s.change(post, "/api/v1/apps/{id}/users", apps, s.assignUser)
	s.change(remove, "/api/v1/apps/{id}/users/{user}", apps, s.unassignUser)
	s.change(put, "/api/v1/apps/{id}/groups/{group}", apps, s.assignGroup)
	s.change(remove, "/api/v1/apps/{id}/groups/{group}", apps, s.unassignGroup)
	s.change(post, "/api/v1/users", users, s.createUser)
	s.change(remove, "/api/v1/users/{id}", users, s.deleteUser)
	s.change(post, "/api/v1/users/{id}/lifecycle/activate", users, s.activate)
	s.change(post, "/api/v1/users/{id}/lifecycle/deactivate", users, s.deactivate)
	s.change(post, "/api/v1/users/{id}/lifecycle/suspend", users, s.suspend)
	s.change(post, "/api/v1/users/{id}/lifecycle/unsuspend", users, s.unsuspend)
	s.change(post, "/api/v1/users/{id}/roles", "okta.roles.manage", s.grantRole)
	s.change(remove, "/api/v1/users/{id}/roles/{role}", "okta.roles.manage", s.revokeRole)
	const certifications, campaigns = "okta.governance.accessCertifications.manage", "/governance/api/v1/campaigns"
	s.change(post, campaigns, certifications, s.license(s.createCampaign))
	s.change(remove, campaigns+"/{id}", certifications, s.license(s.deleteCampaign))
	s.change(post, campaigns+"/{id}/launch", certifications, s.license(s.launchCampaign))
	s.change(post, campaigns+"/{id}/end", certifications, s.license(s.endCampaign))
}

// change registers a path that writes. A list and what is added to it share
// one bucket.
func (s *Server) change(method, path, scope string, h http.HandlerFunc) {
	name := method + " " + path
	s.mux.HandleFunc(name, s.guard(name, path, scope, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		s.state.Lock()
		defer s.state.Unlock()
		h(w, r)
	}))
}

// read decodes the body of a request. No body is an empty object where one may
// be left out. It answers itself what is none.
func read(w http.ResponseWriter, r *http.Request, into any, optional bool) bool {
	b, err := io.ReadAll(r.Body)
	if err == nil && optional && len(bytes.TrimSpace(b)) == 0 {
		return true
	}
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "E0000003", "The request body was not well-formed.")
		return false
	}
	return true
}

// invalid refuses a request for what it holds.
func invalid(w http.ResponseWriter, what string, causes ...string) {
	fail(w, http.StatusBadRequest, "E0000001", "Api validation failed: "+what, causes...)
}

// respond sends a good answer with another status than 200.
func respond(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away is no fault of ours
}

// known finds an object that a request is about, or answers that it is not there.
func (s *Server) known(w http.ResponseWriter, stream, id, kind string) (item, bool) {
	it, ok := s.data.find(stream, id)
	if !ok {
		missing(w, id, kind)
	}
	return it, ok
}

// stamp writes a time as the management API does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// flag reads a boolean parameter.
func flag(r *http.Request, name string, standard bool) bool {
	b, err := strconv.ParseBool(r.URL.Query().Get(name))
	if err != nil {
		return standard
	}
	return b
}

// self is the URL of an object of this org, as its links name it.
func self(r *http.Request, path string) object {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return object{"href": scheme + r.Host + "/" + strings.TrimPrefix(path, "/")}
}
